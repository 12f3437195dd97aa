/** Registers commands so that what goes wrong in one is said to the person, in the server's own words. */
import * as vscode from 'vscode';
import { ServerUnavailable } from '../client.js';
import { unlinked } from '../format.js';

export type Run = (argument?: unknown, more?: unknown) => Promise<unknown>;

export function registerCommands(commands: Readonly<Record<string, Run>>): vscode.Disposable {
  return vscode.Disposable.from(
    ...Object.entries(commands).map(([name, run]) =>
      vscode.commands.registerCommand(name, async (argument?: unknown, more?: unknown) => {
        try {
          return await run(argument, more);
        } catch (error) {
          tell(error);
          return undefined;
        }
      }),
    ),
  );
}

export function tell(error: unknown): void {
  if (error instanceof ServerUnavailable) {
    void vscode.commands.executeCommand('droid.server.explain');
    return;
  }
  const said = error instanceof Error ? error.message : String(error);
  void vscode.window.showErrorMessage(unlinked(said.startsWith('Droid') ? said : `Droid: ${said}`));
}

/** The session that a tree item, a button or a link names. */
export function sessionIdOf(argument: unknown): string | undefined {
  if (typeof argument === 'string') return argument;
  if (typeof argument !== 'object' || argument === null || !('sessionId' in argument)) return undefined;
  return typeof argument.sessionId === 'string' ? argument.sessionId : undefined;
}
