/** What is done when the server's state or what it depends on changes: said, started again, taken up again. */
import * as vscode from 'vscode';
import type { ServerState } from '../client.js';
import type { Ctx } from '../ctx.js';
import type { Supervisor } from './supervisor.js';

export function watchServer(ctx: Ctx, supervisor: Supervisor): vscode.Disposable {
  let before: ServerState = supervisor.state;
  return vscode.Disposable.from(
    supervisor.onDidChangeState((state) => {
      if (state === 'missing' || state === 'failed') void vscode.commands.executeCommand('droid.server.explain');
      // Said once for a row of crashes.
      if (state === 'restarting' && before === 'running') {
        void vscode.window.setStatusBarMessage('$(warning) Droid stopped; restarting', 10_000);
      }
      before = state;
    }),
    vscode.workspace.onDidChangeConfiguration(async (event) => {
      if (event.affectsConfiguration('droid.server')) await supervisor.restart();
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(async () => {
      await supervisor.restart();
      if (supervisor.state === 'running') await supervisor.execute('droid.trust', {}).catch(() => undefined);
    }),
    // The chat tells for the first time when somebody looks at it: until then no engine is loaded.
    ctx.chat.onDidChangeVisibility(() => void resumeLast(ctx)),
  );
}

/** The session that was open when the window was closed, once somebody looks at the chat. */
async function resumeLast({ server, sessions, log }: Ctx): Promise<void> {
  const last = sessions.takeLast();
  if (last === undefined) return;
  try {
    await server.ready();
    await sessions.resume(last);
  } catch (error) {
    log.info(`the last session was not resumed: ${String(error)}`);
  }
}
