/** What the person asks for in the chat, done: each against what the session and the server know. */
import * as vscode from 'vscode';
import type { Core } from '../../ctx.js';
import type { LiveSession } from '../../sessions/store.js';
import { knowsCode, knowsLink, knowsPath, knowsTurn } from './known.js';
import type { AppAction, ListedSession, SessionAction, ToHost, ToWebview } from './messages.js';
import { createFile, insertCode, openFile, openLink } from './open.js';

type Request = Exclude<ToHost, { type: 'ready' | 'painted' }>;
type Of<T extends Request['type']> = Extract<Request, { type: T }>;

/** Commands of the extension that do what a button of the chat says. */
const APP_ACTIONS: Readonly<Record<AppAction, string>> = {
  restart: 'droid.restart',
  log: 'droid.showLog',
  settings: 'droid.openSettings',
  doctor: 'droid.showDoctor',
  trust: 'workbench.trust.manage',
};

const SESSION_ACTIONS: Readonly<Record<SessionAction, string>> = {
  rename: 'droid.sessions.rename',
  fork: 'droid.sessions.fork',
  export: 'droid.sessions.export',
  delete: 'droid.sessions.delete',
  openInEditor: 'droid.chat.openInEditor',
  transcript: 'droid.sessions.document',
};

export class Requests {
  readonly #core: Core;
  readonly #reply: (message: ToWebview) => void;
  /** Sessions that were listed here, which can be resumed. */
  readonly #listed = new Set<string>();

  constructor(core: Core, reply: (message: ToWebview) => void) {
    this.#core = core;
    this.#reply = reply;
  }

  async handle(message: Request): Promise<void> {
    const { sessions, questions } = this.#core;
    switch (message.type) {
      case 'select':
        return sessions.select(this.#session(message.sessionId).sessionId);
      case 'newSession':
        await sessions.create();
        return;
      case 'prompt':
        return this.#prompt(message);
      case 'cancel':
        return sessions.cancel(this.#session(message.sessionId).sessionId);
      case 'answerApproval':
        return this.#answerApproval(message);
      case 'answerQuestion': {
        const asked = questions.get(message.questionId);
        if (asked?.kind === 'question') asked.answer(message.answer);
        return;
      }
      case 'reviewApproval': {
        const asked = questions.get(message.approvalId);
        const changeset = asked?.kind === 'approval' ? asked.params.changeset : undefined;
        if (changeset) await run('droid.changes.open', { changesetId: changeset.changesetId });
        return;
      }
      case 'reviewTurn':
        return this.#reviewTurn(this.#session(message.sessionId).sessionId, message.turnId);
      case 'openFile':
        if (!knowsPath(this.#session(message.sessionId), message.callId, message.path)) return this.#refuse(message);
        return openFile(message.path, message.line, { anywhere: true });
      case 'openLink':
        if (!knowsLink(this.#session(message.sessionId), message.href)) return this.#refuse(message);
        return openLink(message.href);
      case 'insertCode':
        if (!knowsCode(this.#session(message.sessionId), message.text)) return this.#refuse(message);
        return insertCode(message.text);
      case 'createFile':
        if (!knowsCode(this.#session(message.sessionId), message.text)) return this.#refuse(message);
        return createFile(message.text, message.language);
      case 'mentions':
        return this.#mentions(message);
      case 'pickModel':
        return run('droid.pickModel', await this.#meant(message.sessionId));
      case 'pickAutonomy':
        return run('droid.pickAutonomy', await this.#meant(message.sessionId));
      case 'restore':
        return this.#restore(message);
      case 'sessionAction':
        return run(SESSION_ACTIONS[message.action], { sessionId: this.#session(message.sessionId).sessionId });
      case 'listSessions':
        return this.#list(message);
      case 'resume':
        if (!this.#listed.has(message.sessionId)) return this.#refuse(message);
        await sessions.resume(message.sessionId);
        return;
      case 'appAction':
        return run(APP_ACTIONS[message.action]);
    }
  }

  #session(sessionId: string): LiveSession {
    const session = this.#core.sessions.get(sessionId);
    if (session === undefined) throw new Error('That session is no longer open.');
    return session;
  }

  async #meant(sessionId: string | null): Promise<{ sessionId: string }> {
    const session = sessionId === null ? await this.#core.sessions.ensure() : this.#session(sessionId);
    return { sessionId: session.sessionId };
  }

  /** What a turn changed, while it is not looked at to its end. */
  async #reviewTurn(sessionId: string, turnId: string): Promise<void> {
    const changeset = this.#core.reviews.open.findLast((one) => one.sessionId === sessionId && one.turnId === turnId);
    if (changeset !== undefined) return run('droid.changes.open', { changesetId: changeset.changesetId });
    void vscode.window.showInformationMessage('All changes of this turn are decided already.');
  }

  #refuse(message: Request): void {
    this.#core.log.warn(`chat: ${message.type} was refused: the session does not hold what it names`);
  }

  async #prompt({ requestId, sessionId, text, images }: Of<'prompt'>): Promise<void> {
    try {
      const meant = await this.#meant(sessionId);
      const place = vscode.window.activeTextEditor?.document.uri;
      const uri = place?.scheme === 'file' ? { uri: place.toString() } : {};
      await this.#core.sessions.prompt({ prompt: text, ...meant, ...uri, ...(images.length > 0 ? { images: [...images] } : {}) });
      this.#reply({ type: 'promptResult', requestId, sessionId: meant.sessionId, error: null });
    } catch (error) {
      this.#reply({ type: 'promptResult', requestId, sessionId, error: wordsOf(error) });
    }
  }

  #answerApproval({ approvalId, answer, instruction }: Of<'answerApproval'>): void {
    const asked = this.#core.questions.get(approvalId);
    if (asked?.kind !== 'approval' || !asked.params.options.includes(answer)) return;
    asked.answer({ answer, ...(answer === 'instruct' && instruction?.trim() ? { instruction } : {}) });
  }

  async #mentions({ requestId, sessionId, query }: Of<'mentions'>): Promise<void> {
    let items: Extract<ToWebview, { type: 'mentionsResult' }>['items'] = [];
    try {
      const of = sessionId === null ? {} : { sessionId };
      items = (await this.#core.server.request('droid/mentions', { query, ...of })).items;
    } finally {
      this.#reply({ type: 'mentionsResult', requestId, items });
    }
  }

  async #restore({ requestId, sessionId, turnId, what }: Of<'restore'>): Promise<void> {
    try {
      if (!knowsTurn(this.#session(sessionId), turnId)) throw new Error('That message is no longer part of the session.');
      const result = await this.#core.server.request('droid/checkpoint/restore', { sessionId, turnId, what });
      this.#reply({ type: 'restoreResult', requestId, prompt: result.prompt, error: null });
      if (result.changeset !== null && !result.done) {
        await run('droid.changes.open', { changesetId: result.changeset.changesetId });
      }
    } catch (error) {
      this.#reply({ type: 'restoreResult', requestId, prompt: null, error: wordsOf(error) });
    }
  }

  async #list({ requestId, query }: Of<'listSessions'>): Promise<void> {
    try {
      const found = await this.#core.sessions.list(query);
      const listed = found.map(
        ({ sessionId, title, updatedAt, turns, live, locked }): ListedSession => ({ sessionId, title, updatedAt, turns, live, locked }),
      );
      for (const one of listed) this.#listed.add(one.sessionId);
      this.#reply({ type: 'sessionList', requestId, sessions: listed, error: null });
    } catch (error) {
      this.#reply({ type: 'sessionList', requestId, sessions: [], error: wordsOf(error) });
    }
  }
}

async function run(command: string, argument?: object): Promise<void> {
  await vscode.commands.executeCommand(command, ...(argument === undefined ? [] : [argument]));
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
