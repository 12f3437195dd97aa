/** The tree of sessions: those of this window, then the stored ones, the last used first. */
import * as vscode from 'vscode';
import type { Core } from '../ctx.js';
import { ago, cost, count, shortened } from '../format.js';
import type { LiveSession, StoredSession } from '../sessions/store.js';

class GroupNode extends vscode.TreeItem {
  constructor(
    readonly group: 'live' | 'stored',
    label: string,
  ) {
    super(label, vscode.TreeItemCollapsibleState.Expanded);
    this.id = group;
    this.contextValue = 'group';
  }
}

class SessionNode extends vscode.TreeItem {
  readonly sessionId: string;

  constructor(row: Row, nowS: number) {
    super(shortened(row.title || 'untitled', 100), vscode.TreeItemCollapsibleState.None);
    this.sessionId = row.sessionId;
    this.id = `${row.live === undefined ? 'stored' : 'live'} ${row.sessionId}`;
    const { stored, live } = row;
    this.contextValue = live !== undefined ? 'session-live' : stored?.locked ? 'session-locked' : 'session-stored';
    const state = row.waits ? 'waits for you' : live?.busy ? live.message || 'at work' : stored?.locked && live === undefined ? 'open elsewhere' : '';
    const time = stored === undefined ? '' : ago(stored.updatedAt, nowS);
    const spent = cost(live?.costUsd ?? stored?.costUsd ?? null);
    this.description = [state, time, spent].filter((one) => one !== '').join(' · ');
    this.iconPath = new vscode.ThemeIcon(
      row.waits ? 'bell-dot' : live?.busy ? 'loading~spin' : row.active ? 'circle-filled' : live !== undefined ? 'circle-outline' : stored?.locked ? 'lock' : 'comment-discussion',
    );
    const model = live?.model || stored?.model || '';
    this.tooltip = [
      row.title || 'untitled',
      stored === undefined ? '' : `${count(stored.turns, 'turn')}, last used ${new Date(stored.updatedAt * 1000).toLocaleString()}`,
      [model, live?.autonomy ? `autonomy ${live.autonomy}` : '', spent].filter((one) => one !== '').join(' · '),
      row.sessionId,
    ]
      .filter((one) => one !== '')
      .join('\n');
    this.command = { title: 'Resume', command: 'droid.sessions.resume', arguments: [{ sessionId: row.sessionId }] };
  }
}

interface Row {
  readonly sessionId: string;
  readonly title: string;
  readonly live: LiveSession | undefined;
  readonly stored: StoredSession | undefined;
  readonly active: boolean;
  readonly waits: boolean;
}

type Node = GroupNode | SessionNode;

export class SessionsView implements vscode.TreeDataProvider<Node>, vscode.Disposable {
  readonly #core: Core;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #view: vscode.TreeView<Node>;
  readonly #subscriptions: vscode.Disposable[];
  #query = '';
  #stored: readonly StoredSession[] | undefined;
  #later: NodeJS.Timeout | undefined;

  readonly onDidChangeTreeData = this.#changed.event;

  constructor(core: Core) {
    this.#core = core;
    this.#view = vscode.window.createTreeView<Node>('droid.sessions', { treeDataProvider: this });
    const { sessions, questions } = core;
    const redraw = (): void => this.#redraw(false);
    const read = (): void => this.#redraw(true);
    this.#subscriptions = [
      this.#changed,
      this.#view,
      sessions.onDidChange(redraw),
      sessions.onDidChangeActive(redraw),
      questions.onDidOpen(redraw),
      questions.onDidClose(redraw),
      sessions.onDidChangeList(read),
      // A turn that ended has changed when and for how much a session was used last.
      sessions.onDidUpdate(({ update }) => {
        if (update.sessionUpdate === 'turn_ended') read();
      }),
      this.#view.onDidChangeVisibility(({ visible }) => {
        if (visible) read();
      }),
      vscode.commands.registerCommand('droid.sessions.filter', () => this.#ask()),
      vscode.commands.registerCommand('droid.sessions.clearFilter', () => this.#filter('')),
    ];
  }

  getTreeItem(node: Node): vscode.TreeItem {
    return node;
  }

  async getChildren(node?: Node): Promise<Node[]> {
    if (node instanceof SessionNode || this.#core.server.state !== 'running') return [];
    if (node === undefined) {
      this.#stored ??= await this.#read();
      const groups: GroupNode[] = [];
      if (this.#rows('live').length > 0) groups.push(new GroupNode('live', 'Open here'));
      if (this.#rows('stored').length > 0) groups.push(new GroupNode('stored', 'Earlier'));
      return groups;
    }
    const now = Date.now() / 1000;
    return this.#rows(node.group).map((row) => new SessionNode(row, now));
  }

  #rows(group: 'live' | 'stored'): Row[] {
    const { sessions, questions } = this.#core;
    const stored = this.#stored ?? [];
    const waiting = new Set(questions.open.map((one) => one.sessionId));
    if (group === 'stored') {
      return stored
        .filter((one) => sessions.get(one.sessionId) === undefined)
        .map((one) => ({ sessionId: one.sessionId, title: one.title, live: undefined, stored: one, active: false, waits: false }));
    }
    return sessions.live
      .map((live) => {
        const { sessionId, title } = live;
        const row = stored.find((one) => one.sessionId === sessionId);
        return { sessionId, title: title || row?.title || '', live, stored: row, active: live === sessions.active, waits: waiting.has(sessionId) };
      })
      .filter((row) => this.#query === '' || row.stored !== undefined);
  }

  async #read(): Promise<readonly StoredSession[]> {
    try {
      const found = await this.#core.sessions.list(this.#query || undefined);
      this.#say(this.#query === '' ? '' : `${count(found.length, 'session')} with “${this.#query}”`);
      return found;
    } catch (error) {
      this.#core.log.warn(`sessions could not be listed: ${String(error)}`);
      return [];
    }
  }

  #say(message: string): void {
    this.#view.message = message;
  }

  /** What happens in one moment is drawn once. */
  #redraw(again: boolean): void {
    if (again) this.#stored = undefined;
    if (this.#later !== undefined || !this.#view.visible) return;
    this.#later = setTimeout(() => {
      this.#later = undefined;
      this.#changed.fire();
    }, 150);
  }

  async #ask(): Promise<void> {
    const query = await vscode.window.showInputBox({ title: 'Search sessions', value: this.#query, placeHolder: 'Words that were said; empty for all' });
    if (query !== undefined) this.#filter(query.trim());
  }

  #filter(query: string): void {
    this.#query = query;
    void vscode.commands.executeCommand('setContext', 'droid.sessionsFiltered', query !== '');
    if (query === '') this.#say('');
    this.#redraw(true);
  }

  dispose(): void {
    clearTimeout(this.#later);
    vscode.Disposable.from(...this.#subscriptions).dispose();
  }
}
