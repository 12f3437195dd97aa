/**
 * What the chat's webview and the extension say to each other; both sides check what comes in.
 *
 * The webview shows what a model wrote, so the extension trusts nothing from it: what it names (a session, a
 * turn, a question, a path, a link, a piece of code) counts only where the extension knows it already.
 */
import type {
  RequestAnswerParams,
  RequestApprovalParams,
  RequestApprovalResult,
  SessionUpdateParams,
} from '../../protocol.js';

export interface ImageData {
  readonly mediaType: string;
  /** Base64. */
  readonly data: string;
}

/** A live session, as its tab and the composer need it. */
export interface SessionMeta {
  readonly sessionId: string;
  readonly title: string;
  readonly model: string;
  readonly autonomy: string;
  readonly busy: boolean;
  readonly turnId: string | null;
  readonly kind: string;
  readonly message: string;
}

/** A session that could be resumed. */
export interface ListedSession {
  readonly sessionId: string;
  readonly title: string;
  /** Seconds since the epoch. */
  readonly updatedAt: number;
  readonly turns: number;
  readonly live: boolean;
  readonly locked: boolean;
}

export interface Mention {
  readonly insert: string;
  readonly label: string;
  readonly detail: string;
  readonly kind: string;
}

export interface ChatConfig {
  /** Enter sends; else Ctrl+Enter or ⌘+Enter does, and Enter begins a line. */
  readonly enterSends: boolean;
  /** All sessions with tabs, or one session in an editor. */
  readonly place: 'view' | 'editor';
  readonly trusted: boolean;
  /** Paths of the open folders, by which paths are shortened. */
  readonly folders: readonly string[];
}

export interface ServerInfo {
  readonly state: 'stopped' | 'starting' | 'running' | 'restarting' | 'missing' | 'failed';
}

export type Answer = RequestApprovalResult['answer'];
export type RestoreWhat = 'files' | 'conversation' | 'both';
export type SessionAction = 'rename' | 'fork' | 'export' | 'delete' | 'openInEditor' | 'transcript';
export type AppAction = 'restart' | 'log' | 'settings' | 'doctor' | 'trust';

export type ToHost =
  | { readonly type: 'ready' }
  | { readonly type: 'painted'; readonly readyMs: number; readonly paintMs: number }
  | { readonly type: 'select'; readonly sessionId: string }
  | { readonly type: 'newSession' }
  | {
      readonly type: 'prompt';
      readonly requestId: number;
      readonly sessionId: string | null;
      readonly text: string;
      readonly images: readonly ImageData[];
    }
  | { readonly type: 'cancel'; readonly sessionId: string }
  | {
      readonly type: 'answerApproval';
      readonly approvalId: string;
      readonly answer: Answer;
      readonly instruction?: string;
    }
  | { readonly type: 'answerQuestion'; readonly questionId: string; readonly answer: string | null }
  | { readonly type: 'reviewApproval'; readonly approvalId: string }
  | { readonly type: 'reviewTurn'; readonly sessionId: string; readonly turnId: string }
  | {
      readonly type: 'openFile';
      readonly sessionId: string;
      readonly callId: string;
      readonly path: string;
      readonly line?: number;
    }
  | { readonly type: 'openLink'; readonly sessionId: string; readonly href: string }
  | { readonly type: 'insertCode'; readonly sessionId: string; readonly text: string }
  | {
      readonly type: 'createFile';
      readonly sessionId: string;
      readonly text: string;
      readonly language: string;
    }
  | {
      readonly type: 'mentions';
      readonly requestId: number;
      readonly sessionId: string | null;
      readonly query: string;
    }
  | { readonly type: 'pickModel'; readonly sessionId: string | null }
  | { readonly type: 'pickAutonomy'; readonly sessionId: string | null }
  | {
      readonly type: 'restore';
      readonly requestId: number;
      readonly sessionId: string;
      readonly turnId: string;
      readonly what: RestoreWhat;
    }
  | { readonly type: 'sessionAction'; readonly sessionId: string; readonly action: SessionAction }
  | { readonly type: 'listSessions'; readonly requestId: number; readonly query: string }
  | { readonly type: 'resume'; readonly sessionId: string }
  | { readonly type: 'appAction'; readonly action: AppAction };

export type ToWebview =
  | {
      readonly type: 'init';
      readonly config: ChatConfig;
      readonly server: ServerInfo;
      readonly live: readonly SessionMeta[];
      readonly active: string | null;
    }
  | { readonly type: 'config'; readonly config: ChatConfig }
  | { readonly type: 'server'; readonly server: ServerInfo }
  | { readonly type: 'live'; readonly live: readonly SessionMeta[]; readonly active: string | null }
  | { readonly type: 'session'; readonly sessionId: string; readonly updates: readonly SessionUpdateParams[] }
  | { readonly type: 'updates'; readonly updates: readonly SessionUpdateParams[] }
  | { readonly type: 'approval'; readonly params: RequestApprovalParams }
  | { readonly type: 'question'; readonly params: RequestAnswerParams }
  | { readonly type: 'closed'; readonly id: string; readonly sessionId: string }
  | {
      readonly type: 'promptResult';
      readonly requestId: number;
      readonly sessionId: string | null;
      readonly error: string | null;
    }
  | { readonly type: 'mentionsResult'; readonly requestId: number; readonly items: readonly Mention[] }
  | {
      readonly type: 'restoreResult';
      readonly requestId: number;
      /** What the person had said in that turn; null where the conversation stays. */
      readonly prompt: string | null;
      readonly error: string | null;
    }
  | {
      readonly type: 'sessionList';
      readonly requestId: number;
      readonly sessions: readonly ListedSession[];
      readonly error: string | null;
    }
  | { readonly type: 'failed'; readonly message: string }
  | { readonly type: 'compose'; readonly text: string }
  | { readonly type: 'focus' };
