/** The connection to the server, as the rest of the extension sees it. */
import type { CancellationToken, Disposable, Event } from 'vscode';
import type {
  ClientNotificationName,
  ClientNotifications,
  ClientRequestName,
  ClientRequests,
  CommandName,
  Commands,
  ServerRequestName,
  ServerRequests,
} from './protocol.js';

export type ServerState =
  | 'stopped'
  | 'starting'
  | 'running'
  /** It crashed, and will be started again. */
  | 'restarting'
  /** It was not found. */
  | 'missing'
  /** It crashed too often, or could not be started. */
  | 'failed';

export interface Server {
  readonly state: ServerState;
  readonly onDidChangeState: Event<ServerState>;
  /** Of the server that runs. */
  readonly processId: number | undefined;
  /** Resolves once the server runs; rejects where it is missing or gave up. */
  ready(): Promise<void>;
  /** One `droid/*` request; waits until the server runs. */
  request<M extends ServerRequestName>(
    method: M,
    params: ServerRequests[M]['params'],
  ): Promise<ServerRequests[M]['result']>;
  /** One verb that has no method of its own, through `workspace/executeCommand`. */
  execute<C extends CommandName>(command: C, argument: Commands[C]['argument']): Promise<Commands[C]['result']>;
  /** What the server tells; holds for every server that is started. */
  onNotification<N extends ClientNotificationName>(
    method: N,
    handler: (params: ClientNotifications[N]) => void,
  ): Disposable;
  /** What the server asks; holds for every server that is started. */
  onRequest<M extends ClientRequestName>(
    method: M,
    handler: (params: ClientRequests[M]['params'], token: CancellationToken) => Promise<ClientRequests[M]['result']>,
  ): Disposable;
  start(): Promise<void>;
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** The server is not there: it was not found, gave up, or is being stopped. */
export class ServerUnavailable extends Error {}
