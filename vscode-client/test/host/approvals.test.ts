/** Approvals, questions, and what a command finds on disk. */
import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { test, until } from './harness.js';
import { api, call, ended, onDisk, prompted, shown } from './host.js';

const run = (command: string): object => call('Execute', { command });

test('an approval stays open until it is answered, and a rejected command does not run', async () => {
  const parts = await api();
  const { questions } = parts.ctx;
  const session = await prompted(parts, 'make it', [run('touch rejected.txt'), { text: 'well' }]);
  const asked = await until('it is asked', () => questions.open.find((one) => one.sessionId === session.sessionId));
  assert.ok(asked.kind === 'approval');
  assert.equal(asked.params.subject, 'touch rejected.txt');
  assert.match(parts.statusBar.text, /waits for you/);
  assert.equal(asked.answer({ answer: 'reject' }), true);
  assert.equal(asked.answer({ answer: 'once' }), false);
  await ended(session);
  assert.equal(await onDisk('rejected.txt'), undefined);
  assert.deepEqual(questions.open, []);
});

test('an approved command runs, and the status bar says what the session is', async () => {
  const parts = await api();
  const session = await prompted(parts, 'make it', [run('touch approved.txt'), { text: 'done' }]);
  const asked = await until('it is asked', () => parts.ctx.questions.open.find((one) => one.sessionId === session.sessionId));
  assert.ok(asked.kind === 'approval' && asked.answer({ answer: 'once' }));
  await ended(session);
  assert.equal(await onDisk('approved.txt'), '');
  await until('the status bar is at rest', () => /autonomy off/.test(parts.statusBar.text));
});

test('a question that is answered elsewhere is closed here', async () => {
  const parts = await api();
  const { questions, server } = parts.ctx;
  const session = await prompted(parts, 'make it', [run('touch elsewhere.txt'), { text: 'done' }]);
  const asked = await until('it is asked', () => questions.open.find((one) => one.sessionId === session.sessionId));
  await server.request('droid/reject', { approvalId: asked.id });
  await until('it is closed', () => questions.get(asked.id) === undefined);
  await ended(session);
});

test('cancelling a turn withdraws its question', async () => {
  const parts = await api();
  const { questions, sessions } = parts.ctx;
  const session = await prompted(parts, 'make it', [run('touch cancelled.txt')]);
  const asked = await until('it is asked', () => questions.open.find((one) => one.sessionId === session.sessionId));
  await sessions.cancel(session.sessionId);
  await until('it is closed', () => questions.get(asked.id) === undefined);
  await ended(session);
  assert.equal(await onDisk('cancelled.txt'), undefined);
});

test('asking takes no focus from the editor', async () => {
  const parts = await api();
  const editor = await shown('focus.txt', 'one\n');
  const session = await prompted(parts, 'make it', [run('touch focus-made.txt'), { text: 'done' }]);
  const asked = await until('it is asked', () => parts.ctx.questions.open.find((one) => one.sessionId === session.sessionId));
  await vscode.commands.executeCommand('type', { text: 'x' });
  assert.equal(editor.document.getText(), 'xone\n');
  assert.ok(asked.kind === 'approval' && asked.answer({ answer: 'reject' }));
  await ended(session);
  await vscode.commands.executeCommand('workbench.action.files.revert');
});

test('a buffer that the turn changed is saved before a command runs', async () => {
  const parts = await api();
  await shown('saved.txt', 'one\n');
  const session = await prompted(parts, 'change it', [
    call('ApplyPatch', { input: '*** Begin Patch\n*** Update File: saved.txt\n@@\n-one\n+two\n*** End Patch\n' }),
    run('cp saved.txt copied.txt'),
    { text: 'done' },
  ]);
  for (const what of ['edit', 'command']) {
    const asked = await until(`the ${what} is asked for`, () =>
      parts.ctx.questions.open.find((one) => one.sessionId === session.sessionId),
    );
    assert.ok(asked.kind === 'approval' && asked.answer({ answer: 'once' }));
    await until('it is closed', () => parts.ctx.questions.get(asked.id) === undefined);
  }
  await ended(session);
  assert.equal(await onDisk('copied.txt'), 'two\n');
});
