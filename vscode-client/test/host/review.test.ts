/** The review of changes, hunk by hunk. */
import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Api } from '../../src/main.js';
import type { Changeset } from '../../src/protocol.js';
import type { LiveSession } from '../../src/sessions/store.js';
import { test, until } from './harness.js';
import { api, call, ended, prompted, shown, text } from './host.js';

const BEFORE = `${Array.from({ length: 20 }, (_, line) => `line ${line + 1}`).join('\n')}\n`;
const PATCH = (name: string): string =>
  ['*** Begin Patch', `*** Update File: ${name}`, '@@', ' line 1', '-line 2', '+line two', ' line 3', '@@', ' line 17', '-line 18', '+line eighteen', ' line 19', '*** End Patch', ''].join('\n');

async function proposed(parts: Api, name: string): Promise<{ session: LiveSession; changeset: Changeset }> {
  await shown(name, BEFORE);
  const session = await prompted(parts, 'change it', [call('ApplyPatch', { input: PATCH(name) }), { text: 'done' }]);
  const changeset = await until('changes are proposed', () =>
    parts.ctx.reviews.open.find((one) => one.sessionId === session.sessionId && one.state === 'proposed'),
  );
  return { session, changeset };
}

async function lensesIn(uri: vscode.Uri): Promise<string[]> {
  const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri, 50);
  return lenses.flatMap((one) => one.command?.title ?? []).filter((title) => /hunk|Accepted|Rejected|Stale/.test(title));
}

test('a proposed change opens in the editor’s diff, with a lens for each hunk', async () => {
  const parts = await api();
  const { session, changeset } = await proposed(parts, 'lenses.txt');
  assert.equal(changeset.files[0]?.hunks.length, 2);
  await vscode.commands.executeCommand('droid.changes.open', { changesetId: changeset.changesetId });
  const tab = await until('the diff is open', () => {
    const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
    return input instanceof vscode.TabInputTextDiff ? input : undefined;
  });
  assert.equal((await vscode.workspace.openTextDocument(tab.original)).getText(), BEFORE);
  assert.match((await vscode.workspace.openTextDocument(tab.modified)).getText(), /line two\n[^]*line eighteen\n/);
  assert.equal((await lensesIn(tab.modified)).length, 4);
  await parts.ctx.reviews.decide({ verdict: 'reject', changesetId: changeset.changesetId });
  await ended(session);
  assert.equal(await text('lenses.txt'), BEFORE);
  await until('the diff is closed', () => vscode.window.tabGroups.all.every((group) => group.tabs.every(({ input }) => !(input instanceof vscode.TabInputTextDiff))));
});

test('of two hunks only the accepted one is written', async () => {
  const parts = await api();
  const { session, changeset } = await proposed(parts, 'half.txt');
  const [first, second] = changeset.files[0]?.hunks ?? [];
  assert.ok(first && second);
  const { changesetId } = changeset;
  await vscode.commands.executeCommand('droid.hunk.accept', { changesetId, uri: changeset.files[0]?.uri, hunkId: first.hunkId });
  assert.equal(await text('half.txt'), BEFORE);
  await vscode.commands.executeCommand('droid.hunk.reject', { changesetId, uri: changeset.files[0]?.uri, hunkId: second.hunkId });
  await ended(session);
  assert.equal(await text('half.txt'), BEFORE.replace('line 2\n', 'line two\n'));
  assert.equal(parts.ctx.reviews.get(changesetId), undefined);
});

test('what was applied can be taken back at the cursor, by the key’s command', async () => {
  const parts = await api();
  const { session, changeset } = await proposed(parts, 'back.txt');
  await parts.ctx.reviews.decide({ verdict: 'accept', changesetId: changeset.changesetId });
  await ended(session);
  const applied = await until('the turn’s changes are there', () =>
    parts.ctx.reviews.open.find((one) => one.sessionId === session.sessionId && one.state === 'applied'),
  );
  const editor = await vscode.window.showTextDocument(vscode.Uri.parse(applied.files[0]?.uri ?? ''));
  assert.equal((await lensesIn(editor.document.uri)).length, 4);
  editor.selection = new vscode.Selection(1, 0, 1, 0);
  await vscode.commands.executeCommand('droid.hunk.reject');
  await until('the hunk is taken back', () => editor.document.getText() === BEFORE.replace('line 18', 'line eighteen'));
});

test('the last turn’s changes are undone by one command', async () => {
  const parts = await api();
  const { session, changeset } = await proposed(parts, 'undone.txt');
  await parts.ctx.reviews.decide({ verdict: 'accept', changesetId: changeset.changesetId });
  await ended(session);
  assert.notEqual(await text('undone.txt'), BEFORE);
  await vscode.commands.executeCommand('droid.undoLastTurn', { sessionId: session.sessionId });
  await until('all is taken back', async () => (await text('undone.txt')) === BEFORE);
});

test('a hunk that somebody writes into is stale, and says so', async () => {
  const parts = await api();
  const { session, changeset } = await proposed(parts, 'stale.txt');
  await parts.ctx.reviews.decide({ verdict: 'accept', changesetId: changeset.changesetId });
  await ended(session);
  const uri = vscode.Uri.parse(changeset.files[0]?.uri ?? '');
  const editor = await vscode.window.showTextDocument(uri);
  await until('both hunks have lenses', async () => (await lensesIn(uri)).length === 4);
  await editor.edit((edit) => edit.insert(new vscode.Position(1, 8), ' and a half'));
  await until('one is stale', async () => (await lensesIn(uri)).filter((title) => title.includes('Stale')).length === 1);
  assert.equal((await lensesIn(uri)).length, 3);
  await vscode.commands.executeCommand('workbench.action.files.revert');
});
