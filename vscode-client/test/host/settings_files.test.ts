/** Settings files: said once, by the server while it runs, by the editor's own JSON support while it does not. */
import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { test, until } from './harness.js';
import { api, shown } from './host.js';

const FILE = '.factory/hooks.json';
const WRONG = '{\n  "PreToolUse": 7\n}\n';

test('what is wrong in a settings file is said once, whether the server runs or not', async () => {
  const { ctx } = await api();
  const { document } = await shown(FILE, WRONG);
  assert.equal(document.languageId, 'jsonc');
  const found = () => vscode.languages.getDiagnostics(document.uri);
  const sources = () => [...new Set(found().map((one) => one.source ?? 'json'))].join(' ');
  await until('the server says it', () => sources() === 'droid');
  await ctx.server.stop();
  await until('the editor says it', () => sources() === 'json');
  await ctx.server.start();
  await until('the server says it again', () => sources() === 'droid');
  await vscode.workspace.fs.delete(document.uri);
  await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
});
