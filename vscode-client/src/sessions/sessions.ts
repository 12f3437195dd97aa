/** The sessions of this window: fed by the server's notifications, resumed when the server was started again. */
import * as vscode from 'vscode';
import type { Server } from '../client.js';
import type { ConfigChangedParams, PromptResult, SessionResult, SessionUpdateParams } from '../protocol.js';
import { Live } from './live.js';
import type { Autonomy, LiveSession, Prompt, Sessions, StoredSession } from './store.js';

const LAST = 'droid.lastSession';

export class SessionStore implements Sessions, vscode.Disposable {
  readonly #server: Server;
  readonly #memory: vscode.Memento;
  readonly #log: vscode.LogOutputChannel;
  readonly #live = new Map<string, Live>();
  readonly #activeChanged = new vscode.EventEmitter<LiveSession | undefined>();
  readonly #changed = new vscode.EventEmitter<LiveSession>();
  readonly #updated = new vscode.EventEmitter<SessionUpdateParams>();
  readonly #listChanged = new vscode.EventEmitter<void>();
  readonly #subscriptions: vscode.Disposable[];
  #active: Live | undefined;
  #last: string | undefined;
  #started = 0;
  #beginning: Promise<LiveSession> | undefined;

  readonly onDidChangeActive = this.#activeChanged.event;
  readonly onDidChange = this.#changed.event;
  readonly onDidUpdate = this.#updated.event;
  readonly onDidChangeList = this.#listChanged.event;

  constructor(server: Server, memory: vscode.Memento, log: vscode.LogOutputChannel) {
    this.#server = server;
    this.#memory = memory;
    this.#last = memory.get(LAST);
    this.#log = log;
    this.#subscriptions = [
      server.onNotification('droid/sessionUpdate', (params) => {
        const session = this.#known(params.sessionId);
        const changed = session.update(params);
        this.#updated.fire(params);
        if (changed) this.#changed.fire(session);
      }),
      server.onNotification('droid/status', (params) => {
        const session = this.#known(params.sessionId);
        if (session.status(params)) this.#changed.fire(session);
      }),
      server.onNotification('droid/configChanged', (params) => {
        const session = this.#known(params.sessionId);
        if (session.configured(params)) this.#changed.fire(session);
      }),
      server.onNotification('droid/sessionListChanged', () => this.#listChanged.fire()),
      server.onDidChangeState((state) => {
        if (state === 'running') {
          this.#listChanged.fire();
          void this.#resumeAll();
        } else if (state !== 'starting') {
          for (const session of this.#live.values()) if (session.stopped()) this.#changed.fire(session);
        }
      }),
    ];
  }

  get live(): readonly LiveSession[] {
    return [...this.#live.values()];
  }

  get active(): LiveSession | undefined {
    return this.#active;
  }

  takeLast(): string | undefined {
    const last = this.#last;
    this.#last = undefined;
    return this.#active === undefined ? last : undefined;
  }

  get(sessionId: string): LiveSession | undefined {
    return this.#live.get(sessionId);
  }

  select(sessionId: string | undefined): void {
    const session = sessionId === undefined ? undefined : this.#live.get(sessionId);
    if (session === this.#active) return;
    this.#active = session;
    void this.#memory.update(LAST, session?.sessionId);
    this.#activeChanged.fire(session);
  }

  async ensure(): Promise<LiveSession> {
    if (this.#active !== undefined) return this.#active;
    // Two who want one at the same time get the same.
    this.#beginning ??= this.create().finally(() => (this.#beginning = undefined));
    return this.#beginning;
  }

  async list(query?: string): Promise<readonly StoredSession[]> {
    return (await this.#server.request('droid/session/list', query ? { query } : {})).sessions;
  }

  async create(): Promise<LiveSession> {
    return this.#take(await this.#server.request('droid/session/new', {}));
  }

  async resume(sessionId: string): Promise<LiveSession> {
    const live = this.#live.get(sessionId);
    if (live !== undefined) {
      this.select(sessionId);
      return live;
    }
    return this.#take((await this.#server.request('droid/session/resume', { sessionId })) as SessionResult);
  }

  async fork(sessionId: string): Promise<LiveSession> {
    return this.#take((await this.#server.request('droid/session/fork', { sessionId })) as SessionResult);
  }

  async rename(sessionId: string, title: string): Promise<void> {
    const renamed = await this.#server.request('droid/session/rename', { sessionId, title });
    const session = this.#live.get(sessionId);
    if (session !== undefined && session.title !== renamed.title) {
      session.title = renamed.title;
      this.#changed.fire(session);
    }
    this.#listChanged.fire();
  }

  async export(sessionId: string, format: 'markdown' | 'json'): Promise<string> {
    return (await this.#server.request('droid/session/export', { sessionId, format })).text ?? '';
  }

  async delete(sessionId: string): Promise<void> {
    await this.#server.request('droid/session/delete', { sessionId });
    this.#forget(sessionId);
    this.#listChanged.fire();
  }

  async prompt(prompt: Prompt): Promise<PromptResult> {
    const sessionId = prompt.sessionId ?? (await this.ensure()).sessionId;
    return this.#server.request('droid/prompt', { ...prompt, sessionId });
  }

  async cancel(sessionId: string): Promise<void> {
    await this.#server.request('droid/cancel', { sessionId });
  }

  async setModel(sessionId: string, model: string): Promise<void> {
    this.#configured((await this.#server.request('droid/model/set', { sessionId, model })) as SessionResult);
  }

  async setAutonomy(sessionId: string, autonomy: Autonomy): Promise<void> {
    this.#configured((await this.#server.request('droid/autonomy/set', { sessionId, autonomy })) as SessionResult);
  }

  /** A session that is shown from now on. */
  #take(described: SessionResult): LiveSession {
    const session = this.#configured(described);
    this.select(session.sessionId);
    return session;
  }

  #configured(described: ConfigChangedParams): Live {
    let session = this.#live.get(described.sessionId);
    const isNew = session === undefined;
    session ??= this.#add(described.sessionId);
    if (session.configured(described) || isNew) this.#changed.fire(session);
    return session;
  }

  /** A session that is told of; one that was begun elsewhere in this window is asked about. */
  #known(sessionId: string): Live {
    const known = this.#live.get(sessionId);
    if (known !== undefined) return known;
    const session = this.#add(sessionId);
    if (this.#active === undefined) this.select(sessionId);
    this.#changed.fire(session);
    void this.#describe(session);
    return session;
  }

  async #describe(session: Live): Promise<void> {
    try {
      const status = await this.#server.execute('droid.status', { sessionId: session.sessionId });
      const { title = '', model = '', autonomy = '', busy, kind, message, turnId = null, costUsd = null } = status;
      session.configured({ sessionId: session.sessionId, title, model, autonomy, busy, turnId });
      session.status({ sessionId: session.sessionId, busy, kind, message });
      session.costUsd = costUsd;
      this.#changed.fire(session);
    } catch (error) {
      this.#log.debug(`session ${session.sessionId} could not be described: ${String(error)}`);
    }
  }

  #add(sessionId: string): Live {
    const session = new Live(sessionId);
    this.#live.set(sessionId, session);
    return session;
  }

  #forget(sessionId: string): void {
    const session = this.#live.get(sessionId);
    if (session === undefined) return;
    this.#live.delete(sessionId);
    if (this.#active === session) this.select(undefined);
    this.#changed.fire(session);
  }

  /** The server was started again: what was open is taken up again, and told from its beginning. */
  async #resumeAll(): Promise<void> {
    const started = ++this.#started;
    // The active one comes last, so that it is the server's current one, too.
    const ids = [...this.#live.keys()].filter((id) => id !== this.#active?.sessionId);
    if (this.#active !== undefined) ids.push(this.#active.sessionId);
    for (const sessionId of ids) {
      try {
        this.#configured((await this.#server.request('droid/session/resume', { sessionId })) as SessionResult);
      } catch (error) {
        // It has stopped once more: whoever it is started by the next time takes them up.
        if (this.#started !== started || this.#server.state !== 'running') return;
        this.#log.warn(`session ${sessionId} could not be resumed: ${String(error)}`);
        this.#forget(sessionId);
      }
    }
  }

  dispose(): void {
    vscode.Disposable.from(...this.#subscriptions).dispose();
    for (const emitter of [this.#activeChanged, this.#changed, this.#updated, this.#listChanged]) emitter.dispose();
  }
}
