/** Sessions: several at once, listed, and kept when the server is not. */
import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { test, until } from './harness.js';
import { api, ended, prompted } from './host.js';

test('two sessions live side by side, and each has its own conversation', async () => {
  const parts = await api();
  const first = await prompted(parts, 'first prompt', [{ text: 'first answer' }]);
  await ended(first);
  const second = await prompted(parts, 'second prompt', [{ text: 'second answer' }]);
  await ended(second);
  const said = (of: typeof first) => JSON.stringify(of.updates);
  assert.match(said(first), /first answer/);
  assert.match(said(second), /second answer/);
  assert.doesNotMatch(said(first), /second answer/);
  assert.equal(parts.ctx.sessions.active, second);
});

test('a session is renamed, found, forked, exported and deleted', async () => {
  const parts = await api();
  const { sessions } = parts.ctx;
  const session = await prompted(parts, 'a prompt about zebras', [{ text: 'striped' }]);
  await ended(session);
  await sessions.rename(session.sessionId, 'Zebras');
  const listed = async (query?: string) => (await sessions.list(query)).map((one) => one.title);
  assert.ok((await listed('zebras')).includes('Zebras'));
  assert.match(await sessions.export(session.sessionId, 'markdown'), /striped/);
  const fork = await sessions.fork(session.sessionId);
  assert.notEqual(fork.sessionId, session.sessionId);
  await until('the fork is told', () => JSON.stringify(fork.updates).includes('striped'));
  await sessions.delete(session.sessionId);
  assert.equal(sessions.get(session.sessionId), undefined);
  assert.ok(!(await sessions.list()).some((one) => one.sessionId === session.sessionId));
});

test('a killed server is started again, and its sessions are resumed', async () => {
  const parts = await api();
  const { server, sessions } = parts.ctx;
  const session = await prompted(parts, 'before the crash', [{ text: 'answer before the crash' }]);
  await ended(session);
  const states: string[] = [];
  const watching = server.onDidChangeState((state) => states.push(state));
  const before = server.processId;
  assert.ok(before);
  process.kill(before, 'SIGKILL');
  await until('it runs again', () => states.includes('restarting') && states.at(-1) === 'running');
  watching.dispose();
  assert.notEqual(server.processId, before);
  const kept = sessions.get(session.sessionId);
  assert.equal(kept, session);
  await until('it is told again', () => !session.replaying && JSON.stringify(session.updates).includes('answer before the crash'));
  assert.equal(sessions.active, session);
});

test('a person can restart the server', async () => {
  const { ctx } = await api();
  const before = ctx.server.processId;
  const live = ctx.sessions.live.length;
  await vscode.commands.executeCommand('droid.restart');
  await ctx.server.ready();
  assert.notEqual(ctx.server.processId, before);
  assert.equal(ctx.sessions.live.length, live);
});

test('a session document has its own language, drawn as Markdown', async () => {
  const document = await vscode.workspace.openTextDocument(vscode.Uri.parse('untitled:talk.droid.md'));
  assert.equal(document.languageId, 'droid-session');
});
