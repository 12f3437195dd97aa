/** What each kind of `SessionUpdate` does to a session. */
import type { RequestApprovalParams, SessionUpdate, ToolCallUpdate } from '../../protocol.js';
import { plural } from '../text/format.js';
import type { Session, ToolItem, Turn } from './model.js';
import { added, closedText, mapRecent, withTool, withTurn } from './turns.js';
import { closeQuestion, placeWaiting } from './questions.js';

const MAX_OUTPUT = 64_000;

export function updated(session: Session, turnId: string | null, update: SessionUpdate): Session {
  switch (update.sessionUpdate) {
    case 'replay_started':
      return { ...session, turns: [], plan: [], usage: undefined, replaying: true };
    case 'replay_ended':
      return placeWaiting({ ...session, replaying: false });
    case 'turn_started':
      return withTurn(session, turnId, (turn) => ({ ...turn, startedAt: update.startedAt }));
    case 'turn_ended':
      return endTurn(session, turnId, update);
    case 'user_message_chunk':
      return withTurn(session, turnId, (turn) =>
        added(turn, {
          kind: 'user',
          text: update.content.text,
          images: update.images ?? 0,
          steers: turn.items.length > 0,
        }),
      );
    case 'agent_message_chunk':
      return withTurn(session, turnId, (turn) => withText(turn, 'text', update.content.text));
    case 'agent_thought_chunk':
      return withTurn(session, turnId, (turn) => withText(turn, 'thought', update.content.text));
    case 'tool_call': {
      const known = session.turns.some((turn) => turn.id === turnId && hasTool(turn, update.toolCallId));
      if (known) return session;
      const item = {
        kind: 'tool',
        callId: update.toolCallId,
        tool: update.tool,
        toolKind: update.kind,
        title: update.title,
        input: update.rawInput,
        status: 'pending',
        output: '',
        outputLeftOut: 0,
        result: undefined,
        diffs: [],
        locations: [],
        durationS: undefined,
        decision: undefined,
        approval: undefined,
      } as const;
      return placeWaiting(withTurn(session, turnId, (turn) => added(turn, item)));
    }
    case 'tool_call_update':
      return withTool(session, turnId, update.toolCallId, (tool) => toolUpdated(tool, update));
    case 'decision': {
      const { verdict, risk, reason, trace } = update;
      return withTool(session, turnId, update.toolCallId, (tool) => ({
        ...tool,
        decision: { verdict, risk, reason, trace },
      }));
    }
    case 'plan':
      return { ...session, plan: update.entries };
    case 'approval_wanted':
      return withTool(session, turnId, update.toolCallId, (tool) =>
        tool.approval?.approvalId === update.approvalId
          ? tool
          : { ...tool, approval: openApproval(update.approvalId) },
      );
    case 'approval_answered':
      return closeQuestion(session, update.approvalId, update.answer, update.instruction ?? null);
    case 'question_asked': {
      const { questionId, text, options } = update;
      const known = session.turns.some((turn) =>
        turn.items.some((item) => item.kind === 'question' && item.questionId === questionId),
      );
      if (known) return session;
      const item = { kind: 'question', questionId, text, options, state: 'told', answer: null } as const;
      return placeWaiting(withTurn(session, turnId, (turn) => added(turn, item)));
    }
    case 'question_answered':
      return closeQuestion(session, update.questionId, update.answer, null);
    case 'usage':
      return { ...session, usage: usageWith(session, update) };
    case 'retry':
      return withTurn(session, turnId, (turn) => retried(turn, update));
    case 'warning':
      return notice(session, turnId, 'warning', update.message);
    case 'compacted':
      return notice(session, turnId, 'info', 'Older messages were replaced with a summary to make room.');
    case 'undone':
      return withTurn(session, update.turnId, (turn) => ({
        ...turn,
        undone: { paths: update.paths, conflicts: update.conflicts },
      }));
    case 'rewound':
      return rewound(session, update.turnId);
    case 'session_info_update':
      return session;
    default:
      // A newer server may tell more than this client knows.
      return session;
  }
}

function hasTool(turn: Turn, callId: string): boolean {
  return turn.items.some((item) => item.kind === 'tool' && item.callId === callId);
}

function openApproval(approvalId: string, params?: RequestApprovalParams): ToolItem['approval'] {
  return { approvalId, params, state: 'open', answer: null, instruction: null };
}

function withText(turn: Turn, kind: 'text' | 'thought', text: string): Turn {
  const last = turn.items.at(-1);
  if (last?.kind !== kind || !last.open) {
    return text === '' ? turn : added(turn, { kind, text, open: turn.ended === undefined });
  }
  return { ...turn, items: turn.items.with(turn.items.length - 1, { ...last, text: last.text + text }) };
}

function toolUpdated(tool: ToolItem, update: ToolCallUpdate): ToolItem {
  let { output, outputLeftOut, result, diffs } = tool;
  if (update.output !== undefined) {
    output += update.output;
    if (output.length > MAX_OUTPUT * 1.25) {
      const cut = output.length - MAX_OUTPUT;
      output = output.slice(cut);
      outputLeftOut += cut;
    }
  }
  if (update.content !== undefined) {
    const texts = update.content.filter((block) => block.type === 'content');
    const changes = update.content.filter((block) => block.type === 'diff');
    if (texts.length > 0) result = texts.map((block) => block.content.text).join('\n');
    if (changes.length > 0) diffs = changes;
  }
  return {
    ...tool,
    status: update.status ?? tool.status,
    output,
    outputLeftOut,
    result,
    diffs,
    locations: update.locations ?? tool.locations,
    durationS: update.durationS ?? tool.durationS,
  };
}

function endTurn(
  session: Session,
  turnId: string | null,
  { reason, message, costUsd, durationS }: { reason: string; message: string; costUsd: number | null; durationS: number },
): Session {
  const ended = withTurn(session, turnId, (turn) => ({
    ...turn,
    items: closedText(turn.items).map((item) => {
      if (item.kind === 'tool' && (item.status === 'pending' || item.status === 'in_progress')) {
        return { ...item, status: 'interrupted' } as const;
      }
      return item.kind === 'notice' && item.tone === 'retry' ? { ...item, tone: 'info' } : item;
    }),
    ended: { reason, message, costUsd, durationS },
  }));
  return mapRecent(ended, (item) => {
    if ((item.kind === 'tool' || item.kind === 'approval') && item.approval?.state === 'open') {
      const known = session.waiting.some((one) => 'approvalId' in one && one.approvalId === item.approval?.approvalId);
      return known ? item : { ...item, approval: { ...item.approval, state: 'withdrawn' } };
    }
    return item;
  });
}

function usageWith(session: Session, update: Extract<SessionUpdate, { sessionUpdate: 'usage' }>): Session['usage'] {
  const before = session.usage;
  return {
    inputTokens: (before?.inputTokens ?? 0) + update.inputTokens,
    outputTokens: (before?.outputTokens ?? 0) + update.outputTokens,
    cacheReadTokens: (before?.cacheReadTokens ?? 0) + update.cacheReadTokens,
    cacheWriteTokens: (before?.cacheWriteTokens ?? 0) + update.cacheWriteTokens,
    totalCostUsd: update.totalCostUsd ?? before?.totalCostUsd ?? null,
    contextTokens: update.contextTokens,
    contextWindow: update.contextWindow,
  };
}

function retried(turn: Turn, update: { attempt: number; delayS: number; reason: string }): Turn {
  const wait = update.delayS >= 1 ? ` in ${plural(Math.round(update.delayS), 'second')}` : '';
  const text = `${update.reason}. Trying again${wait} (attempt ${update.attempt}).`.replace('..', '.');
  const last = turn.items.at(-1);
  if (last?.kind === 'notice' && last.tone === 'retry') {
    return { ...turn, items: turn.items.with(turn.items.length - 1, { ...last, text }) };
  }
  return added(turn, { kind: 'notice', tone: 'retry', text });
}

function notice(session: Session, turnId: string | null, tone: 'info' | 'warning', text: string): Session {
  return withTurn(session, turnId, (turn) => added(turn, { kind: 'notice', tone, text }));
}

function rewound(session: Session, turnId: string): Session {
  const at = session.turns.findIndex((turn) => turn.id === turnId);
  return at < 0 ? session : { ...session, turns: session.turns.slice(0, at) };
}
