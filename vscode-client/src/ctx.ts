/** What the parts of the extension share; made once at activation. */
import type * as vscode from 'vscode';
import type { Server } from './client.js';
import type { Reviews } from './review/store.js';
import type { Questions } from './sessions/questions.js';
import type { Sessions } from './sessions/store.js';

/** Where a conversation is shown; the chat view is one. */
export interface ChatSurface {
  /** The person can see this session in it now. */
  shows(sessionId: string): boolean;
  /** Bring it up with this session; it takes the focus only where `focus` says so. */
  reveal(sessionId: string | undefined, options?: { readonly focus?: boolean }): Promise<void>;
  /** Put a text in its input box, to be sent by the person. */
  compose(text: string): Promise<void>;
  readonly onDidChangeVisibility: vscode.Event<void>;
}

/** Everything but the views. */
export interface Core {
  readonly extension: vscode.ExtensionContext;
  readonly log: vscode.LogOutputChannel;
  readonly server: Server;
  readonly sessions: Sessions;
  readonly questions: Questions;
  readonly reviews: Reviews;
}

export interface Ctx extends Core {
  readonly chat: ChatSurface;
}

/** What `views/chat/provider.ts` exports as `createChat`: registers the view `droid.chat`. */
export type CreateChat = (core: Core) => ChatSurface;

/** Those of one session; of all where none is meant. */
export function inSession<T extends { readonly sessionId: string }>(all: readonly T[], sessionId: string | undefined): T[] {
  const own = all.filter((one) => one.sessionId === sessionId);
  return own.length > 0 ? own : [...all];
}
