/** The extension in a real window. */
import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { test } from './harness.js';

test('the extension is there and starts without an error', async () => {
  const extension = vscode.extensions.getExtension('droid.droid');
  assert.ok(extension);
  await extension.activate();
  assert.ok(extension.isActive);
});

test('every command that the manifest names is registered', async () => {
  const extension = vscode.extensions.getExtension('droid.droid');
  const named: { command: string }[] = extension?.packageJSON.contributes.commands;
  const registered = new Set(await vscode.commands.getCommands(true));
  assert.deepEqual(named.map((one) => one.command).filter((one) => !registered.has(one)), []);
});
