/** Changesets as the server tells them; a closed one is forgotten. */
import * as vscode from 'vscode';
import type { Server } from '../client.js';
import type { Changeset, ReviewResult } from '../protocol.js';
import type { Sessions } from '../sessions/store.js';
import type { Decision, Place, Reviews } from './store.js';

const TYPED_MS = 600;

export class ChangesetStore implements Reviews, vscode.Disposable {
  readonly #server: Server;
  readonly #log: vscode.LogOutputChannel;
  readonly #open = new Map<string, Changeset>();
  /** An answer may arrive after the word that all is done: what is closed stays closed. */
  readonly #closed = new Set<string>();
  readonly #changed = new vscode.EventEmitter<Changeset | undefined>();
  readonly #touched = new Set<string>();
  readonly #subscriptions: vscode.Disposable[];
  #later: NodeJS.Timeout | undefined;

  readonly onDidChange = this.#changed.event;

  constructor(server: Server, sessions: Sessions, log: vscode.LogOutputChannel) {
    this.#server = server;
    this.#log = log;
    this.#subscriptions = [
      server.onNotification('droid/reviewChanges', (changeset) => this.#take(changeset)),
      // What was open in a session that is taken up again is told when it is asked for.
      sessions.onDidUpdate(({ sessionId, update }) => {
        if (update.sessionUpdate === 'replay_ended') void this.refresh(sessionId);
        if (update.sessionUpdate === 'approval_answered') this.#answered(update.approvalId);
      }),
      // What somebody types moves hunks, or makes them stale: the server knows which.
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (document.uri.scheme === 'file' && contentChanges.length > 0) this.#typed(document.uri.toString());
      }),
      server.onDidChangeState((state) => {
        if (state === 'running' || this.#open.size === 0) return;
        this.#open.clear();
        this.#closed.clear();
        this.#changed.fire(undefined);
      }),
    ];
  }

  get open(): readonly Changeset[] {
    return [...this.#open.values()];
  }

  get(changesetId: string): Changeset | undefined {
    return this.#open.get(changesetId);
  }

  ofCall(callId: string): Changeset | undefined {
    return this.open.findLast((one) => one.callId === callId);
  }

  ofTurn(turnId: string): Changeset | undefined {
    return this.open.findLast((one) => one.turnId === turnId);
  }

  about(uri: string): readonly Place[] {
    const same = comparable(uri);
    return this.open.flatMap((changeset) =>
      changeset.files
        .filter((file) => comparable(file.uri) === same)
        .map((file) => ({ changeset, file, hunks: file.hunks })),
    );
  }

  async decide({ verdict, changesetId, uri, hunkId }: Decision): Promise<ReviewResult> {
    const accept = verdict === 'accept';
    const result =
      hunkId !== undefined
        ? await this.#server.request(accept ? 'droid/review/acceptHunk' : 'droid/review/rejectHunk', {
            changesetId,
            hunkId,
            ...(uri !== undefined ? { uri } : {}),
          })
        : uri !== undefined
          ? await this.#server.request(accept ? 'droid/review/acceptFile' : 'droid/review/rejectFile', { changesetId, uri })
          : await this.#server.request(accept ? 'droid/review/acceptAll' : 'droid/review/rejectAll', { changesetId });
    this.#take(result.changeset);
    return result;
  }

  async refresh(sessionId: string): Promise<void> {
    try {
      const { changesets } = await this.#server.request('droid/review/list', { sessionId });
      const stand = new Set(changesets.map((one) => one.changesetId));
      for (const one of this.open) {
        if (one.sessionId === sessionId && !stand.has(one.changesetId)) this.#open.delete(one.changesetId);
      }
      for (const one of changesets) this.#set(one);
      this.#changed.fire(undefined);
    } catch (error) {
      this.#log.debug(`changes of session ${sessionId} could not be listed: ${String(error)}`);
    }
  }

  async content(changesetId: string, uri: string, side: 'before' | 'after'): Promise<string> {
    return (await this.#server.request('droid/review/content', { changesetId, uri, side })).text ?? '';
  }

  #typed(uri: string): void {
    for (const { changeset } of this.about(uri)) this.#touched.add(changeset.sessionId);
    if (this.#touched.size === 0) return;
    clearTimeout(this.#later);
    this.#later = setTimeout(() => {
      const touched = [...this.#touched];
      this.#touched.clear();
      for (const sessionId of touched) void this.refresh(sessionId);
    }, TYPED_MS);
  }

  #take(changeset: Changeset): void {
    this.#set(changeset);
    this.#changed.fire(changeset);
  }

  #set(changeset: Changeset): void {
    if (changeset.state === 'closed') this.#close(changeset.changesetId);
    else if (!this.#closed.has(changeset.changesetId)) this.#open.set(changeset.changesetId, changeset);
  }

  #close(changesetId: string): void {
    this.#closed.add(changesetId);
    this.#open.delete(changesetId);
  }

  /** Once a question is answered, what it proposed is no longer to be decided. */
  #answered(approvalId: string): void {
    for (const one of this.open) {
      if (one.approvalId !== approvalId || one.state !== 'proposed') continue;
      this.#close(one.changesetId);
      this.#changed.fire({ ...one, state: 'closed' });
    }
  }

  dispose(): void {
    clearTimeout(this.#later);
    vscode.Disposable.from(...this.#subscriptions).dispose();
    this.#changed.dispose();
  }
}

/** Clients and servers escape URIs differently: what counts is what they name. */
function comparable(uri: string): string {
  return vscode.Uri.parse(uri).toString();
}
