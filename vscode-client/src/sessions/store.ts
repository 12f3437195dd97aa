/**
 * The sessions of this window, as views see them.
 *
 * The server holds the truth; this holds what a view needs to be drawn again without asking: what each live
 * session is doing and its updates so far, pieces of one text joined. It outlives the server: when that is
 * started again, the sessions that were live are resumed and told again from their beginning.
 */
import type { Event } from 'vscode';
import type { AskArguments, PromptResult, SessionResult, SessionRow, SessionUpdateParams } from '../protocol.js';

/** How much the agent may do without asking. */
export type Autonomy = SessionResult['autonomy'];

/** One session that this window has taken up. */
export interface LiveSession {
  readonly sessionId: string;
  readonly title: string;
  readonly model: string;
  /** `off`, `low`, `medium` or `high`. */
  readonly autonomy: string;
  readonly busy: boolean;
  /** The running turn. */
  readonly turnId: string | null;
  /** What it is doing, in a word and in a line, as `droid/status` says. */
  readonly kind: string;
  readonly message: string;
  /** US dollars so far; null where a price is not known. */
  readonly costUsd: number | null;
  /** All updates from its beginning, pieces of one text joined. */
  readonly updates: readonly SessionUpdateParams[];
  /** Between `replay_started` and `replay_ended`: show it without moving or reading aloud. */
  readonly replaying: boolean;
}

/** One stored session, as `droid/session/list` tells it. */
export type StoredSession = SessionRow;

/** What can be said with a prompt. */
export type Prompt = AskArguments & { readonly prompt: string };

export interface Sessions {
  readonly live: readonly LiveSession[];
  /** The one that the chat shows and that commands mean. */
  readonly active: LiveSession | undefined;
  readonly onDidChangeActive: Event<LiveSession | undefined>;
  /** Something of a session is otherwise than before: title, model, busy, cost. Came or went, too. */
  readonly onDidChange: Event<LiveSession>;
  /** One update, as it came; also added to `updates`. At `replay_started`, what was shown is to be cleared. */
  readonly onDidUpdate: Event<SessionUpdateParams>;
  /** What `list` would answer may be otherwise than before. */
  readonly onDidChangeList: Event<void>;

  get(sessionId: string): LiveSession | undefined;
  /** The session that was active when the window was closed; once, and only while there is no other. */
  takeLast(): string | undefined;
  select(sessionId: string | undefined): void;
  /** The active session, or a new one. */
  ensure(): Promise<LiveSession>;
  list(query?: string): Promise<readonly StoredSession[]>;
  create(): Promise<LiveSession>;
  resume(sessionId: string): Promise<LiveSession>;
  fork(sessionId: string): Promise<LiveSession>;
  rename(sessionId: string, title: string): Promise<void>;
  /** The session as text. */
  export(sessionId: string, format: 'markdown' | 'json'): Promise<string>;
  delete(sessionId: string): Promise<void>;

  /** Begin a turn, or join the running one; answers at once. */
  prompt(prompt: Prompt): Promise<PromptResult>;
  cancel(sessionId: string): Promise<void>;
  setModel(sessionId: string, model: string): Promise<void>;
  setAutonomy(sessionId: string, autonomy: Autonomy): Promise<void>;
}
