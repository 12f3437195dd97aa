/** Going back: to a checkpoint, or by undoing the last turn. */
import * as vscode from 'vscode';
import type { Checkpoint } from '../protocol.js';
import type { Ctx } from '../ctx.js';
import { ago, count, shortened } from '../format.js';
import { registerCommands, sessionIdOf } from './run.js';

type What = 'files' | 'conversation' | 'both';

const WHAT: readonly { label: string; detail: string; what: What }[] = [
  { label: 'Files and conversation', detail: 'Both go back to before this turn.', what: 'both' },
  { label: 'Only files', detail: 'The conversation stays as it is.', what: 'files' },
  { label: 'Only conversation', detail: 'Files stay as they are.', what: 'conversation' },
];

export function registerCheckpointCommands(ctx: Ctx): vscode.Disposable {
  const current = (argument: unknown): string | undefined => {
    const sessionId = sessionIdOf(argument) ?? ctx.sessions.active?.sessionId;
    if (sessionId === undefined) void vscode.window.showInformationMessage('No session is open, so there is nothing to go back to.');
    return sessionId;
  };

  const restore = async (sessionId: string, turnId: string, what: What): Promise<void> => {
    const result = await ctx.server.request('droid/checkpoint/restore', { sessionId, turnId, what });
    if (result.prompt !== null) await ctx.chat.compose(result.prompt);
    if (result.changeset !== null && result.changeset.files.length > 0 && !result.done) {
      await vscode.commands.executeCommand('droid.changes.open', { changesetId: result.changeset.changesetId });
      void vscode.window.showInformationMessage('Accept the changes to go back to the checkpoint; until then nothing changes.');
    }
  };

  return registerCommands({
    'droid.checkpoints.show': async (argument) => {
      const sessionId = current(argument);
      if (sessionId === undefined) return;
      const { checkpoints } = await ctx.server.request('droid/checkpoint/list', { sessionId });
      if (checkpoints.length === 0) {
        void vscode.window.showInformationMessage('This session has no checkpoint yet: one is made before each turn.');
        return;
      }
      const now = Date.now() / 1000;
      const picked = await vscode.window.showQuickPick(
        [...checkpoints].reverse().map((one) => ({
          label: `$(history) ${shortened(one.prompt, 80) || 'untitled'}`,
          description: ago(one.startedAt, now),
          detail: describe(one),
          checkpoint: one,
        })),
        { title: 'Checkpoints', placeHolder: 'Go back to before which turn?', matchOnDetail: true },
      );
      if (picked === undefined) return;
      const what = await vscode.window.showQuickPick([...WHAT], {
        title: `Go back to before “${shortened(picked.checkpoint.prompt, 60)}”`,
      });
      if (what !== undefined) await restore(sessionId, picked.checkpoint.turnId, what.what);
    },
    'droid.undoLastTurn': async (argument) => {
      const sessionId = current(argument);
      if (sessionId === undefined) return;
      const { paths } = await ctx.server.request('droid/undo', { sessionId });
      const text = paths.length === 0 ? 'Nothing was taken back.' : `Taken back: ${shortened(paths.join(', '), 200)}`;
      void vscode.window.setStatusBarMessage(`$(discard) ${text}`, 8000);
    },
  });
}

function describe(one: Checkpoint): string {
  const files = one.paths.length === 0 ? 'no file would change' : `${count(one.paths.length, 'file')}: ${shortened(one.paths.join(', '), 80)}`;
  const left = one.leftOut.length === 0 ? '' : ` · left out: ${shortened(one.leftOut.join('; '), 80)}`;
  return `${files}${one.workspace ? ' · what commands did, too' : ''}${left}`;
}
