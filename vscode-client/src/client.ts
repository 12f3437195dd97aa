/** The connection to the server, as the rest of the extension sees it. */
import type { Event } from 'vscode';

export type ServerState = 'stopped' | 'starting' | 'running' | 'restarting' | 'missing' | 'failed';

export interface Server {
  readonly state: ServerState;
  readonly onDidChangeState: Event<ServerState>;
  /** Resolves once the server runs; rejects where it is missing or gave up. */
  ready(): Promise<void>;
  /** One `droid/*` request; waits until the server runs. */
  request<R>(method: string, params?: object): Promise<R>;
  /** One verb that has no method of its own, through `workspace/executeCommand`. */
  execute<R>(command: string, argument?: object): Promise<R>;
  restart(): Promise<void>;
  stop(): Promise<void>;
}
