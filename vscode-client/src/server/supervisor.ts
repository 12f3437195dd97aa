/**
 * Keeps a server running: finds it, starts it, starts it again when it crashes, and says what it does.
 *
 * Nothing of the language client is loaded before the server was found. Handlers are kept here, since each
 * start makes a new connection.
 */
import { accessSync, constants, statSync } from 'node:fs';
import { homedir } from 'node:os';
import * as vscode from 'vscode';
import { ServerUnavailable, type Server, type ServerState } from '../client.js';
import { config } from '../config.js';
import type {
  ClientNotificationName,
  ClientNotifications,
  ClientRequestName,
  ClientRequests,
  CommandName,
  Commands,
  ServerRequestName,
  ServerRequests,
} from '../protocol.js';
import { Backoff } from './backoff.js';
import type { Connection } from './connection.js';
import { findServer, type Missing } from './find.js';
import { middleware, type Focus } from './middleware.js';

type Handler = { method: string; attach(connection: Connection): vscode.Disposable };

export class Supervisor implements Server, vscode.Disposable {
  readonly #extension: vscode.ExtensionContext;
  readonly #log: vscode.LogOutputChannel;
  readonly #changed = new vscode.EventEmitter<ServerState>();
  readonly #handlers = new Set<Handler>();
  readonly #backoff = new Backoff();
  #state: ServerState = 'stopped';
  #connection: Connection | undefined;
  #starting: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #generation = 0;

  readonly onDidChangeState = this.#changed.event;
  /** What was looked for in vain. */
  missing: Missing | undefined;
  /** Why it could not be started. */
  trouble: string | undefined;
  /** Where commands that name no session mean; set by whoever knows. */
  focus: Focus = { sessionId: undefined, began: () => undefined };

  constructor(extension: vscode.ExtensionContext, log: vscode.LogOutputChannel) {
    this.#extension = extension;
    this.#log = log;
  }

  get state(): ServerState {
    return this.#state;
  }

  get processId(): number | undefined {
    return this.#connection?.serverProcess?.pid;
  }

  async ready(): Promise<void> {
    await this.#running();
  }

  async request<M extends ServerRequestName>(
    method: M,
    params: ServerRequests[M]['params'],
  ): Promise<ServerRequests[M]['result']> {
    return (await this.#running()).sendRequest(method, params);
  }

  async execute<C extends CommandName>(command: C, argument: Commands[C]['argument']): Promise<Commands[C]['result']> {
    const connection = await this.#running();
    return connection.sendRequest('workspace/executeCommand', { command, arguments: [argument] });
  }

  onNotification<N extends ClientNotificationName>(
    method: N,
    handler: (params: ClientNotifications[N]) => void,
  ): vscode.Disposable {
    return this.#keep({ method, attach: (connection) => connection.onNotification(method, handler) });
  }

  onRequest<M extends ClientRequestName>(
    method: M,
    handler: (
      params: ClientRequests[M]['params'],
      token: vscode.CancellationToken,
    ) => Promise<ClientRequests[M]['result']>,
  ): vscode.Disposable {
    return this.#keep({ method, attach: (connection) => connection.onRequest(method, handler) });
  }

  #keep(handler: Handler): vscode.Disposable {
    this.#handlers.add(handler);
    return new vscode.Disposable(() => this.#handlers.delete(handler));
  }

  /** Wait for the connection that is being made, however often it has to be made again. */
  async #running(): Promise<Connection> {
    for (;;) {
      if (this.#state === 'running' && this.#connection !== undefined) return this.#connection;
      if (this.#state === 'missing') throw new ServerUnavailable('Droid’s server was not found.');
      if (this.#state === 'failed') throw new ServerUnavailable(`Droid could not be started. ${this.trouble ?? ''}`.trim());
      if (this.#state === 'stopped') throw new ServerUnavailable('Droid is not running.');
      await new Promise<void>((resolve) => {
        const listening = this.onDidChangeState(() => {
          listening.dispose();
          resolve();
        });
      });
    }
  }

  async start(): Promise<void> {
    if (this.#starting !== undefined) return this.#starting;
    if (this.#state === 'running') return;
    this.#starting = this.#start().finally(() => (this.#starting = undefined));
    return this.#starting;
  }

  async #start(): Promise<void> {
    clearTimeout(this.#timer);
    const generation = ++this.#generation;
    const settings = config();
    const trusted = vscode.workspace.isTrusted;
    const found = findServer({
      setting: settings.serverPath,
      folders: (vscode.workspace.workspaceFolders ?? []).filter((one) => one.uri.scheme === 'file').map((one) => one.uri.fsPath),
      trusted,
      pathVariable: process.env['PATH'] ?? process.env['Path'] ?? '',
      home: homedir(),
      extensionFolder: this.#extension.extensionPath,
      platform: process.platform,
      isProgram,
    });
    if (found.kind === 'missing') {
      this.missing = found;
      this.#log.warn(`droid-lsp was not found; looked at ${found.looked.join(', ')}`);
      this.#become('missing');
      return;
    }
    this.missing = undefined;
    this.#become('starting');
    this.#log.info(`starting ${found.command} (${found.origin})`);
    const { connect, end } = await import('./connection.js');
    const connection = connect({
      found,
      config: settings,
      log: this.#log,
      trusted,
      version: String(this.#extension.extension.packageJSON.version),
      middleware: middleware(
        () => this.focus,
        (command, argument) => vscode.commands.executeCommand(command, argument),
      ),
      onCrash: () => this.#crashed(generation),
    });
    for (const handler of this.#handlers) handler.attach(connection);
    try {
      await connection.start();
    } catch (error) {
      this.trouble = error instanceof Error ? error.message : String(error);
      this.#log.error(`the server did not start: ${this.trouble}`);
      await end(connection);
      this.#crashed(generation);
      return;
    }
    if (generation !== this.#generation) {
      await end(connection);
      return;
    }
    this.#connection = connection;
    this.trouble = undefined;
    this.#become('running');
  }

  #crashed(generation: number): void {
    if (generation !== this.#generation) return;
    this.#generation++;
    this.#connection = undefined;
    const wait = this.#backoff.crashed(Date.now());
    if (wait === undefined) {
      this.trouble ??= 'It stopped several times in a row.';
      this.#log.error('the server stopped too often; it is not started again by itself');
      this.#become('failed');
      return;
    }
    this.#log.warn(`the server stopped; starting it again in ${wait} ms`);
    this.#become('restarting');
    this.#timer = setTimeout(() => void this.start(), wait);
  }

  async restart(): Promise<void> {
    this.#backoff.reset();
    await this.stop();
    await this.start();
  }

  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    this.#generation++;
    const connection = this.#connection;
    this.#connection = undefined;
    this.#become('stopped');
    await this.#starting?.catch(() => undefined);
    if (connection !== undefined) {
      const { end } = await import('./connection.js');
      await end(connection);
    }
  }

  #become(state: ServerState): void {
    this.#state = state;
    void vscode.commands.executeCommand('setContext', 'droid.server', state);
    this.#changed.fire(state);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#changed.dispose();
  }
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
