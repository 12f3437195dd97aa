/** The questions that are open: each answers one request of the server. */
import * as vscode from 'vscode';
import type { Server } from '../client.js';
import type { SessionUpdateParams } from '../protocol.js';
import type { Asked, Questions } from './questions.js';

interface Waiting {
  readonly asked: Asked;
  withdraw(): void;
}

export class QuestionStore implements Questions, vscode.Disposable {
  readonly #open = new Map<string, Waiting>();
  readonly #opened = new vscode.EventEmitter<Asked>();
  readonly #closed = new vscode.EventEmitter<Asked>();
  readonly #subscriptions: vscode.Disposable[];

  readonly onDidOpen = this.#opened.event;
  readonly onDidClose = this.#closed.event;

  constructor(server: Server, onDidUpdate: vscode.Event<SessionUpdateParams>) {
    this.#subscriptions = [
      server.onRequest('droid/requestApproval', (params, token) =>
        this.#ask(token, (settle) => ({
          kind: 'approval',
          id: params.approvalId,
          sessionId: params.sessionId,
          params,
          answer: settle,
        })),
      ),
      server.onRequest('droid/requestAnswer', (params, token) =>
        this.#ask(token, (settle) => ({
          kind: 'question',
          id: params.questionId,
          sessionId: params.sessionId,
          params,
          answer: (answer) => settle({ answer }),
        })),
      ),
      onDidUpdate(({ update }) => {
        if (update.sessionUpdate === 'approval_answered') this.#open.get(update.approvalId)?.withdraw();
        if (update.sessionUpdate === 'question_answered') this.#open.get(update.questionId)?.withdraw();
      }),
      server.onDidChangeState((state) => {
        if (state !== 'running') for (const one of [...this.#open.values()]) one.withdraw();
      }),
    ];
  }

  get open(): readonly Asked[] {
    return [...this.#open.values()].map((one) => one.asked);
  }

  get(id: string): Asked | undefined {
    return this.#open.get(id)?.asked;
  }

  #ask<R>(token: vscode.CancellationToken, describe: (settle: (result: R) => boolean) => Asked): Promise<R> {
    return new Promise<R>((resolve, reject) => {
      const close = (): boolean => {
        if (this.#open.get(asked.id) !== waiting) return false;
        this.#open.delete(asked.id);
        cancelled.dispose();
        this.#closed.fire(asked);
        return true;
      };
      const asked = describe((result) => {
        if (!close()) return false;
        resolve(result);
        return true;
      });
      const waiting: Waiting = {
        asked,
        withdraw: () => {
          if (close()) reject(new Error('the question was withdrawn'));
        },
      };
      const cancelled = token.onCancellationRequested(() => waiting.withdraw());
      this.#open.set(asked.id, waiting);
      this.#opened.fire(asked);
    });
  }

  dispose(): void {
    vscode.Disposable.from(...this.#subscriptions).dispose();
    this.#opened.dispose();
    this.#closed.dispose();
  }
}
