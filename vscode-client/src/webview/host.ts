/** The page's end of the connection to the extension, and what it keeps across reloads. */
import type { ToHost, ToWebview } from '../views/chat/messages.js';
import { toWebview } from '../views/chat/check_messages.js';

interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

/** Asked of the extension, with an answer that carries the same `requestId`. */
type Asking = Extract<ToHost, { requestId: number }>;
type Replies = {
  prompt: 'promptResult';
  mentions: 'mentionsResult';
  restore: 'restoreResult';
  listSessions: 'sessionList';
};
type ReplyTo<T extends Asking['type']> = Extract<ToWebview, { type: Replies[T] }>;
/** `Omit` on each member of a union. */
type Without<T, K extends string> = T extends unknown ? Omit<T, K> : never;

const api = acquireVsCodeApi();
const waiting = new Map<number, (reply: ToWebview) => void>();
let lastRequest = 0;

export function post(message: ToHost): void {
  api.postMessage(message);
}

export function ask<T extends Asking['type']>(
  message: Without<Extract<Asking, { type: T }>, 'requestId'>,
): Promise<ReplyTo<T>> {
  lastRequest += 1;
  const requestId = lastRequest;
  return new Promise((resolve) => {
    waiting.set(requestId, resolve as (reply: ToWebview) => void);
    post({ ...message, requestId } as unknown as ToHost);
  });
}

/** Hands on what the extension says, answers of `ask` to whoever asked. */
export function listen(handle: (message: ToWebview) => void): void {
  window.addEventListener('message', (event: MessageEvent<unknown>) => {
    const message = toWebview(event.data);
    if (message === undefined) return;
    if ('requestId' in message) {
      const resolve = waiting.get(message.requestId);
      waiting.delete(message.requestId);
      resolve?.(message);
    } else {
      handle(message);
    }
  });
}

export function readState(): unknown {
  return api.getState();
}

export function writeState(state: unknown): void {
  api.setState(state);
}
