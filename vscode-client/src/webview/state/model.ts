/** What the view shows, as values; `reducer.ts` makes one from another. */
import type {
  DiffBlock,
  PlanEntry,
  RequestAnswerParams,
  RequestApprovalParams,
  ToolCallLocation,
  ToolCallStarted,
  TraceRow,
} from '../../protocol.js';
import type { ChatConfig, ServerInfo, SessionMeta } from '../../views/chat/messages.js';

export interface UserItem {
  readonly kind: 'user';
  readonly key: string;
  readonly text: string;
  readonly images: number;
  /** It joined a turn that was running. */
  readonly steers: boolean;
}

export interface TextItem {
  readonly kind: 'text' | 'thought';
  readonly key: string;
  readonly text: string;
  /** More of it may come. */
  readonly open: boolean;
}

export interface Decision {
  readonly verdict: 'allow' | 'ask' | 'deny';
  readonly risk: string;
  readonly reason: string;
  readonly trace: readonly TraceRow[];
}

export interface Approval {
  readonly approvalId: string;
  /** What is asked; undefined until the question itself came, and where it is told again. */
  readonly params: RequestApprovalParams | undefined;
  readonly state: 'open' | 'answered' | 'withdrawn';
  readonly answer: string | null;
  readonly instruction: string | null;
}

export type ToolStatus = 'pending' | 'in_progress' | 'completed' | 'failed' | 'interrupted';

export interface ToolItem {
  readonly kind: 'tool';
  readonly key: string;
  readonly callId: string;
  readonly tool: string;
  readonly toolKind: ToolCallStarted['kind'];
  readonly title: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly status: ToolStatus;
  /** The end of what it printed so far. */
  readonly output: string;
  /** How many characters before that are left out. */
  readonly outputLeftOut: number;
  readonly result: string | undefined;
  readonly diffs: readonly DiffBlock[];
  readonly locations: readonly ToolCallLocation[];
  readonly durationS: number | undefined;
  readonly decision: Decision | undefined;
  readonly approval: Approval | undefined;
}

export interface QuestionItem {
  readonly kind: 'question';
  readonly key: string;
  readonly questionId: string;
  readonly text: string;
  readonly options: readonly string[];
  /** Told: it was asked once. Open: an answer is waited for here. */
  readonly state: 'told' | 'open' | 'answered' | 'withdrawn';
  readonly answer: string | null;
}

export interface NoticeItem {
  readonly kind: 'notice';
  readonly key: string;
  readonly tone: 'info' | 'warning' | 'retry';
  readonly text: string;
}

/** A question about a call that no card stands for, or does not yet. */
export interface LooseApproval {
  readonly kind: 'approval';
  readonly key: string;
  readonly callId: string;
  readonly approval: Approval;
}

export type Item = UserItem | TextItem | ToolItem | QuestionItem | NoticeItem | LooseApproval;

export interface Ended {
  readonly reason: string;
  readonly message: string;
  readonly costUsd: number | null;
  readonly durationS: number;
}

export interface Turn {
  /** Empty for what comes before the first turn. */
  readonly id: string;
  readonly startedAt: number | undefined;
  readonly items: readonly Item[];
  readonly ended: Ended | undefined;
  readonly undone: { readonly paths: readonly string[]; readonly conflicts: readonly string[] } | undefined;
  /** Items so far, left out ones counted: the next item's key. */
  readonly nextKey: number;
}

export interface Usage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheWriteTokens: number;
  readonly totalCostUsd: number | null;
  readonly contextTokens: number;
  readonly contextWindow: number | null;
}

export interface Session {
  readonly id: string;
  readonly turns: readonly Turn[];
  readonly plan: readonly PlanEntry[];
  readonly usage: Usage | undefined;
  readonly replaying: boolean;
  /** Open questions by the call or question that they are about, for cards that are still to come. */
  readonly waiting: readonly (RequestApprovalParams | RequestAnswerParams)[];
  /** All updates until now were received. */
  readonly loaded: boolean;
}

export interface State {
  readonly ready: boolean;
  readonly config: ChatConfig;
  readonly server: ServerInfo;
  readonly live: readonly SessionMeta[];
  readonly active: string | null;
  readonly sessions: ReadonlyMap<string, Session>;
  /** Something went wrong that no session shows. */
  readonly failure: string | null;
}

export const EMPTY: State = {
  ready: false,
  config: { enterSends: true, place: 'view', trusted: true, folders: [] },
  server: { state: 'starting' },
  live: [],
  active: null,
  sessions: new Map(),
  failure: null,
};

export function emptySession(id: string): Session {
  return { id, turns: [], plan: [], usage: undefined, replaying: false, waiting: [], loaded: false };
}

export function metaOf(state: State, sessionId: string | null): SessionMeta | undefined {
  return state.live.find((one) => one.sessionId === sessionId);
}

/** The open questions of a session, the oldest first. */
export function openApprovals(session: Session): readonly Approval[] {
  const found: Approval[] = [];
  for (const turn of session.turns.slice(-3)) {
    for (const item of turn.items) {
      if ((item.kind === 'tool' || item.kind === 'approval') && item.approval?.state === 'open') {
        if (item.approval.params !== undefined) found.push(item.approval);
      }
    }
  }
  return found;
}
