/** The chat: the view `droid.chat` with all sessions, and editors with one session each. */
import * as vscode from 'vscode';
import type { ChatSurface, Core, CreateChat } from '../../ctx.js';
import { Conversation } from './conversation.js';

const VIEW = 'droid.chat';
const PANEL = 'droid.chatEditor';

export const createChat: CreateChat = (core) => new Chat(core);

interface Panel {
  readonly panel: vscode.WebviewPanel;
  readonly sessionId: string;
  readonly conversation: Conversation;
}

class Chat implements ChatSurface, vscode.WebviewViewProvider, vscode.WebviewPanelSerializer {
  readonly #core: Core;
  readonly #panels = new Set<Panel>();
  readonly #visibility = new vscode.EventEmitter<void>();
  #view: vscode.WebviewView | undefined;
  #conversation: Conversation | undefined;
  #draft: string | undefined;

  readonly onDidChangeVisibility = this.#visibility.event;

  constructor(core: Core) {
    this.#core = core;
    core.extension.subscriptions.push(
      this.#visibility,
      vscode.window.registerWebviewViewProvider(VIEW, this),
      vscode.window.registerWebviewPanelSerializer(PANEL, this),
      vscode.commands.registerCommand('droid.chat.openInEditor', (target?: unknown) => this.#openInEditor(target)),
    );
  }

  resolveWebviewView(view: vscode.WebviewView): void {
    this.#view = view;
    const conversation = new Conversation(this.#core, view.webview);
    this.#conversation = conversation;
    view.onDidChangeVisibility(() => {
      if (!view.visible) conversation.hidden();
      this.#visibility.fire();
    });
    view.onDidDispose(() => {
      conversation.dispose();
      if (this.#view === view) [this.#view, this.#conversation] = [undefined, undefined];
      this.#visibility.fire();
    });
    if (this.#draft !== undefined) conversation.compose(this.#draft);
    this.#draft = undefined;
    this.#visibility.fire();
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const sessionId = (state as { session?: unknown } | undefined)?.session;
    if (typeof sessionId !== 'string') return panel.dispose();
    try {
      await this.#core.server.ready();
      const { active } = this.#core.sessions;
      await this.#core.sessions.resume(sessionId);
      if (active !== undefined) this.#core.sessions.select(active.sessionId);
      this.#adopt(panel, sessionId);
    } catch (error) {
      this.#core.log.warn(`the chat of session ${sessionId} was not opened again: ${String(error)}`);
      panel.dispose();
    }
  }

  shows(sessionId: string): boolean {
    if (this.#view?.visible && this.#conversation?.current === sessionId) return true;
    return [...this.#panels].some((one) => one.panel.visible && one.sessionId === sessionId);
  }

  async reveal(sessionId: string | undefined, options: { readonly focus?: boolean } = {}): Promise<void> {
    const focus = options.focus === true;
    const panel = [...this.#panels].find((one) => one.sessionId === sessionId);
    if (panel !== undefined) {
      panel.panel.reveal(undefined, !focus);
      if (focus) panel.conversation.focus();
      return;
    }
    if (sessionId !== undefined) this.#core.sessions.select(sessionId);
    if (this.#view !== undefined && !focus) this.#view.show(true);
    else await vscode.commands.executeCommand(`${VIEW}.focus`, { preserveFocus: !focus });
    if (focus) this.#conversation?.focus();
  }

  async compose(text: string): Promise<void> {
    const panel = [...this.#panels].find((one) => one.panel.active);
    if (panel !== undefined) return panel.conversation.compose(text);
    if (this.#conversation === undefined) this.#draft = text;
    else this.#conversation.compose(text);
    await this.reveal(undefined, { focus: true });
  }

  async #openInEditor(target: unknown): Promise<void> {
    const given = (target as { sessionId?: unknown } | undefined)?.sessionId;
    const session =
      (typeof given === 'string' ? this.#core.sessions.get(given) : undefined) ?? (await this.#core.sessions.ensure());
    const known = [...this.#panels].find((one) => one.sessionId === session.sessionId);
    if (known !== undefined) return known.panel.reveal();
    const panel = vscode.window.createWebviewPanel(PANEL, session.title || 'Droid', vscode.ViewColumn.Active, {
      enableScripts: true,
      localResourceRoots: [],
    });
    this.#adopt(panel, session.sessionId);
  }

  #adopt(panel: vscode.WebviewPanel, sessionId: string): void {
    const { sessions, extension } = this.#core;
    const conversation = new Conversation(this.#core, panel.webview, sessionId);
    const entry: Panel = { panel, sessionId, conversation };
    this.#panels.add(entry);
    panel.iconPath = vscode.Uri.joinPath(extension.extensionUri, 'media', 'droid.svg');
    const retitled = sessions.onDidChange((session) => {
      if (session.sessionId !== sessionId) return;
      if (sessions.get(sessionId) === undefined) panel.dispose();
      else panel.title = session.title || 'Droid';
    });
    panel.onDidChangeViewState(() => {
      if (!panel.visible) conversation.hidden();
      this.#visibility.fire();
    });
    panel.onDidDispose(() => {
      retitled.dispose();
      conversation.dispose();
      this.#panels.delete(entry);
      this.#visibility.fire();
    });
    conversation.focus();
    this.#visibility.fire();
  }
}
