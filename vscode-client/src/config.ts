/** The settings of the extension: few, since the agent's own live in `.factory/` folders. */
import * as vscode from 'vscode';

export interface Config {
  /** The server's executable; empty to look for it. */
  readonly serverPath: string;
  readonly serverArguments: readonly string[];
  readonly serverEnvironment: Readonly<Record<string, string>>;
}

export function config(): Config {
  const section = vscode.workspace.getConfiguration('droid');
  return {
    serverPath: section.get('server.path', '').trim(),
    serverArguments: section.get<string[]>('server.arguments', []),
    serverEnvironment: section.get<Record<string, string>>('server.environment', {}),
  };
}
