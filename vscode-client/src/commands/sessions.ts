/** Commands about sessions; each takes the session it is about, and means the active one without. */
import * as vscode from 'vscode';
import type { Ctx } from '../ctx.js';
import { ago, cost, count, shortened } from '../format.js';
import type { StoredSession } from '../sessions/store.js';
import { registerCommands, sessionIdOf } from './run.js';

export function registerSessionCommands(ctx: Ctx): vscode.Disposable {
  const { sessions } = ctx;

  /** The one that is named, else the active one, else one that the person picks. */
  const which = async (argument: unknown): Promise<string | undefined> =>
    sessionIdOf(argument) ?? sessions.active?.sessionId ?? (await pick(await sessions.list()))?.sessionId;

  const titleOf = async (sessionId: string): Promise<string> =>
    sessions.get(sessionId)?.title ?? (await sessions.list()).find((one) => one.sessionId === sessionId)?.title ?? '';

  const open = async (sessionId: string): Promise<void> => {
    const session = await sessions.resume(sessionId);
    await ctx.chat.reveal(session.sessionId, { focus: true });
  };

  return registerCommands({
    'droid.sessions.new': async () => {
      const session = await sessions.create();
      await ctx.chat.reveal(session.sessionId, { focus: true });
    },
    'droid.sessions.resume': async (argument) => {
      const sessionId = sessionIdOf(argument) ?? (await pick(await sessions.list()))?.sessionId;
      if (sessionId !== undefined) await open(sessionId);
    },
    'droid.sessions.find': async () => {
      const query = await vscode.window.showInputBox({ title: 'Search sessions', placeHolder: 'Words that were said' });
      if (query === undefined || query.trim() === '') return;
      const found = await sessions.list(query);
      if (found.length === 0) {
        void vscode.window.showInformationMessage(`No session contains “${shortened(query, 60)}”.`);
        return;
      }
      const picked = await pick(found);
      if (picked !== undefined) await open(picked.sessionId);
    },
    'droid.sessions.rename': async (argument) => {
      const sessionId = await which(argument);
      if (sessionId === undefined) return;
      const value = await titleOf(sessionId);
      const title = await vscode.window.showInputBox({ title: 'Rename session', value, ignoreFocusOut: true });
      if (title !== undefined && title.trim() !== '') await sessions.rename(sessionId, title);
    },
    'droid.sessions.fork': async (argument) => {
      const sessionId = await which(argument);
      if (sessionId === undefined) return;
      const session = await sessions.fork(sessionId);
      await ctx.chat.reveal(session.sessionId, { focus: true });
    },
    'droid.sessions.export': async (argument) => {
      const sessionId = await which(argument);
      if (sessionId === undefined) return;
      const format = await vscode.window.showQuickPick(
        [
          { label: 'Markdown', description: 'to read', format: 'markdown' as const },
          { label: 'JSON', description: 'everything, for programs', format: 'json' as const },
        ],
        { title: 'Export session' },
      );
      if (format === undefined) return;
      const content = await sessions.export(sessionId, format.format);
      const document = await vscode.workspace.openTextDocument({ content, language: format.format });
      await vscode.window.showTextDocument(document);
    },
    'droid.sessions.delete': async (argument) => {
      const sessionId = await which(argument);
      if (sessionId === undefined) return;
      const title = shortened((await titleOf(sessionId)) || 'untitled', 80);
      const sure = await vscode.window.showWarningMessage(
        `Delete the session “${title}”?`,
        { modal: true, detail: 'The conversation and its checkpoints are deleted from this machine. Files stay as they are.' },
        'Delete',
      );
      if (sure === 'Delete') await sessions.delete(sessionId);
    },
    'droid.sessions.document': async (argument) => {
      const sessionId = await which(argument);
      if (sessionId !== undefined) await ctx.server.request('droid/transcript/open', { sessionId });
    },
    'droid.sessions.cancel': async (argument) => {
      const sessionId = sessionIdOf(argument) ?? sessions.active?.sessionId;
      if (sessionId !== undefined) await sessions.cancel(sessionId);
    },
  });
}

async function pick(all: readonly StoredSession[]): Promise<StoredSession | undefined> {
  const now = Date.now() / 1000;
  const picked = await vscode.window.showQuickPick(
    all.map((session) => ({
      label: `${session.live ? '$(circle-filled) ' : ''}${shortened(session.title || 'untitled', 80)}`,
      description: ago(session.updatedAt, now),
      detail: [count(session.turns, 'turn'), cost(session.costUsd), session.model].filter((one) => one !== '').join(' · '),
      session,
    })),
    { title: 'Resume a session', placeHolder: 'Title, model', matchOnDescription: true, matchOnDetail: true },
  );
  return picked?.session;
}
