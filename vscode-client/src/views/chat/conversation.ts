/**
 * One webview of the chat: tells it what happens, and does what the person asks for in it.
 *
 * It is told a session in full when it first shows it, and then each update; many updates of one moment go
 * in one message. Everything that it says is checked (`check_messages.ts`, `known.ts`).
 */
import * as vscode from 'vscode';
import type { Core } from '../../ctx.js';
import type { SessionUpdateParams } from '../../protocol.js';
import { join } from '../../sessions/live.js';
import type { Asked } from '../../sessions/questions.js';
import type { LiveSession } from '../../sessions/store.js';
import { MAX_FOLDERS, toHost } from './check_messages.js';
import type { ChatConfig, SessionMeta, ToHost, ToWebview } from './messages.js';
import { page } from './page.js';
import { Requests } from './requests.js';

const GATHER_MS = 16;

export class Conversation implements vscode.Disposable {
  readonly #core: Core;
  readonly #webview: vscode.Webview;
  /** The one session of an editor; undefined in the view, which shows them all. */
  readonly #only: string | undefined;
  readonly #told = new Set<string>();
  readonly #subscriptions: vscode.Disposable[] = [];
  readonly #requests: Requests;
  readonly #began = Date.now();
  #gathered: SessionUpdateParams[] = [];
  #timer: NodeJS.Timeout | undefined;
  #isReady = false;
  #unsent: ToWebview[] = [];

  constructor(core: Core, webview: vscode.Webview, only?: string) {
    this.#core = core;
    this.#webview = webview;
    this.#only = only;
    this.#requests = new Requests(core, (message) => this.#post(message));
    webview.options = { enableScripts: true, localResourceRoots: [], enableForms: false };
    this.#listen();
    webview.html = page(core.extension);
  }

  /** The session that it shows. */
  get current(): string | undefined {
    return this.#only ?? this.#core.sessions.active?.sessionId;
  }

  /** Put a text in its input box, as soon as it has one. */
  compose(text: string): void {
    this.#whenReady({ type: 'compose', text });
  }

  focus(): void {
    this.#whenReady({ type: 'focus' });
  }

  /** The page is gone until it is shown again; what is said meanwhile waits. */
  hidden(): void {
    this.#isReady = false;
    this.#told.clear();
  }

  #whenReady(message: ToWebview): void {
    if (this.#isReady) this.#post(message);
    else this.#unsent.push(message);
  }

  #listen(): void {
    const { sessions, questions, server } = this.#core;
    this.#subscriptions.push(
      this.#webview.onDidReceiveMessage((raw: unknown) => {
        const message = toHost(raw);
        if (message === undefined) this.#core.log.warn('the chat view said something that was not understood');
        else void this.#handle(message);
      }),
      sessions.onDidUpdate((params) => {
        if (this.#told.has(params.sessionId)) this.#gather(params);
      }),
      sessions.onDidChange(() => this.#tellLive()),
      sessions.onDidChangeActive(() => this.#tellLive()),
      questions.onDidOpen((asked) => {
        if (this.#told.has(asked.sessionId)) this.#tellAsked(asked);
      }),
      questions.onDidClose((asked) => {
        if (!this.#told.has(asked.sessionId)) return;
        this.#flush();
        this.#post({ type: 'closed', id: asked.id, sessionId: asked.sessionId });
      }),
      server.onDidChangeState((state) => this.#post({ type: 'server', server: { state } })),
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration('droid')) this.#post({ type: 'config', config: this.#config() });
      }),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.#post({ type: 'config', config: this.#config() })),
    );
  }

  #config(): ChatConfig {
    return {
      enterSends: vscode.workspace.getConfiguration('droid').get('chat.enterSends', true),
      place: this.#only === undefined ? 'view' : 'editor',
      trusted: vscode.workspace.isTrusted,
      folders: (vscode.workspace.workspaceFolders ?? []).slice(0, MAX_FOLDERS).map((folder) => folder.uri.path),
    };
  }

  #live(): SessionMeta[] {
    const { live } = this.#core.sessions;
    const shown = this.#only === undefined ? live : live.filter((one) => one.sessionId === this.#only);
    return shown.map(({ sessionId, title, model, autonomy, busy, turnId, kind, message }) => ({
      sessionId,
      title,
      model,
      autonomy,
      busy,
      turnId,
      kind,
      message,
    }));
  }

  #tellLive(): void {
    if (!this.#isReady) return;
    this.#flush();
    this.#tellSession(this.current);
    this.#post({ type: 'live', live: this.#live(), active: this.current ?? null });
  }

  /** A session from its beginning, with its open questions; once. */
  #tellSession(sessionId: string | undefined): void {
    const { sessions, questions } = this.#core;
    const session = sessionId === undefined ? undefined : sessions.get(sessionId);
    if (session === undefined || this.#told.has(session.sessionId)) return;
    this.#told.add(session.sessionId);
    this.#post({ type: 'session', sessionId: session.sessionId, updates: updatesOf(session) });
    for (const asked of questions.open) if (asked.sessionId === session.sessionId) this.#tellAsked(asked);
  }

  #tellAsked(asked: Asked): void {
    this.#flush();
    if (asked.kind === 'approval') this.#post({ type: 'approval', params: asked.params });
    else this.#post({ type: 'question', params: asked.params });
  }

  #gather(params: SessionUpdateParams): void {
    const last = this.#gathered.at(-1);
    const joined = last === undefined || last.sessionId !== params.sessionId ? undefined : join(last, params);
    if (joined === undefined) this.#gathered.push(params);
    else this.#gathered[this.#gathered.length - 1] = joined;
    this.#timer ??= setTimeout(() => this.#flush(), GATHER_MS);
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#gathered.length === 0) return;
    const updates = this.#gathered;
    this.#gathered = [];
    this.#post({ type: 'updates', updates });
  }

  #post(message: ToWebview): void {
    if (this.#isReady) void this.#webview.postMessage(message);
  }

  async #handle(message: ToHost): Promise<void> {
    if (message.type === 'ready') return this.#begin();
    if (message.type === 'painted') {
      const ms = Date.now() - this.#began;
      this.#core.log.debug(`chat painted ${ms} ms after it was made (script ${message.readyMs} ms, page ${message.paintMs} ms)`);
      return;
    }
    try {
      await this.#requests.handle(message);
    } catch (error) {
      this.#core.log.warn(`chat: ${message.type} failed: ${String(error)}`);
      this.#post({ type: 'failed', message: error instanceof Error ? error.message : String(error) });
    }
  }

  #begin(): void {
    this.#isReady = true;
    this.#told.clear();
    this.#gathered = [];
    const { server } = this.#core;
    this.#post({
      type: 'init',
      config: this.#config(),
      server: { state: server.state },
      live: this.#live(),
      active: this.current ?? null,
    });
    this.#tellSession(this.current);
    for (const message of this.#unsent.splice(0)) this.#post(message);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    vscode.Disposable.from(...this.#subscriptions).dispose();
  }
}

function updatesOf(session: LiveSession): readonly SessionUpdateParams[] {
  if (!session.replaying) return session.updates;
  const begun = { sessionId: session.sessionId, turnId: null, update: { sessionUpdate: 'replay_started' } } as const;
  return [begun, ...session.updates];
}
