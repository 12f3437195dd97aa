/**
 * Questions of sessions that the chat does not show: a notification that takes no focus, and goes away by
 * itself once the question is closed, wherever it was answered.
 *
 * It is a progress notification because only those can be closed from here. It decides nothing by being
 * dismissed: the question stays open in the chat.
 */
import * as vscode from 'vscode';
import type { Ctx } from '../ctx.js';
import type { Asked } from '../sessions/questions.js';
import { registerCommands } from '../commands/run.js';
import { noticeOf } from './notice_text.js';

export class Notices implements vscode.Disposable {
  readonly #ctx: Ctx;
  readonly #shown = new Map<string, () => void>();
  readonly #subscriptions: vscode.Disposable[];

  constructor(ctx: Ctx) {
    this.#ctx = ctx;
    this.#subscriptions = [
      ctx.questions.onDidOpen((asked) => this.#consider(asked)),
      ctx.questions.onDidClose((asked) => this.#close(asked.id)),
      ctx.chat.onDidChangeVisibility(() => this.#reconsider()),
      ctx.sessions.onDidChangeActive(() => this.#reconsider()),
      registerCommands({
        'droid.question.show': (id) => this.#open(String(id)),
        'droid.approval.approveOnce': async (id) => this.#answer(String(id), 'once'),
        'droid.approval.reject': async (id) => this.#answer(String(id), 'reject'),
      }),
    ];
  }

  #reconsider(): void {
    for (const asked of this.#ctx.questions.open) this.#consider(asked);
  }

  #consider(asked: Asked): void {
    if (this.#ctx.chat.shows(asked.sessionId)) this.#close(asked.id);
    else if (!this.#shown.has(asked.id)) this.#show(asked);
  }

  #show(asked: Asked): void {
    const { title, links } = noticeOf(asked, this.#ctx.sessions.get(asked.sessionId)?.title ?? '');
    const location = vscode.ProgressLocation.Notification;
    // Only a notification with a button is shown in full: the button takes it away, and answers nothing.
    void vscode.window.withProgress({ location, title, cancellable: true }, (progress, token) => {
      progress.report({ message: links.map((one) => `[${one.label}](command:${one.command}?${encodeURIComponent(JSON.stringify([asked.id]))})`).join(' · ') });
      return new Promise<void>((resolve) => {
        this.#shown.set(asked.id, resolve);
        token.onCancellationRequested(() => resolve());
      });
    });
  }

  #close(id: string): void {
    this.#shown.get(id)?.();
    this.#shown.delete(id);
  }

  async #open(id: string): Promise<void> {
    const asked = this.#ctx.questions.get(id);
    this.#close(id);
    if (asked !== undefined) await this.#ctx.chat.reveal(asked.sessionId, { focus: true });
  }

  #answer(id: string, answer: 'once' | 'reject'): void {
    const asked = this.#ctx.questions.get(id);
    if (asked?.kind === 'approval' && asked.answer({ answer })) return;
    void vscode.window.showInformationMessage('That question is no longer open.');
  }

  dispose(): void {
    for (const close of this.#shown.values()) close();
    vscode.Disposable.from(...this.#subscriptions).dispose();
  }
}
