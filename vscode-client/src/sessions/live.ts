/** One session as it stands, computed from what the server tells of it. */
import type { ConfigChangedParams, SessionUpdateParams, StatusParams } from '../protocol.js';
import type { LiveSession } from './store.js';

/** Characters of one call's output that are kept: the last. */
const MAX_OUTPUT = 64_000;

export class Live implements LiveSession {
  readonly sessionId: string;
  title = '';
  model = '';
  autonomy = '';
  busy = false;
  turnId: string | null = null;
  kind = 'idle';
  message = '';
  costUsd: number | null = null;
  replaying = false;
  readonly updates: SessionUpdateParams[] = [];

  constructor(sessionId: string) {
    this.sessionId = sessionId;
  }

  /** True where something changed that is shown beside the conversation. */
  configured(params: ConfigChangedParams): boolean {
    const { title, model, autonomy, busy, turnId } = params;
    return this.#assign({ title, model, autonomy, busy, turnId });
  }

  status(params: StatusParams): boolean {
    const { busy, kind, message } = params;
    return this.#assign({ busy, kind, message });
  }

  /** The server is gone: nothing runs any more. */
  stopped(): boolean {
    return this.#assign({ busy: false, turnId: null, kind: 'idle', message: '' });
  }

  update(params: SessionUpdateParams): boolean {
    const { update } = params;
    if (update.sessionUpdate === 'replay_started') {
      this.updates.length = 0;
      this.replaying = true;
      return false;
    }
    if (update.sessionUpdate === 'replay_ended') {
      this.replaying = false;
      return false;
    }
    this.#keep(params);
    switch (update.sessionUpdate) {
      case 'session_info_update': {
        const { title = this.title, model = this.model, autonomy = this.autonomy } = update;
        return this.#assign({ title, model, autonomy });
      }
      case 'usage':
        return this.#assign({ costUsd: update.totalCostUsd });
      case 'turn_started':
        return !this.replaying && this.#assign({ busy: true, turnId: params.turnId });
      case 'turn_ended':
        return !this.replaying && this.#assign({ busy: false, turnId: null });
      default:
        return false;
    }
  }

  #keep(params: SessionUpdateParams): void {
    const last = this.updates.at(-1);
    const joined = last === undefined ? undefined : join(last, params);
    if (joined === undefined) this.updates.push(params);
    else this.updates[this.updates.length - 1] = joined;
  }

  #assign(values: Partial<Live>): boolean {
    let changed = false;
    for (const [key, value] of Object.entries(values)) {
      if (this[key as keyof this] === value) continue;
      (this as Record<string, unknown>)[key] = value;
      changed = true;
    }
    return changed;
  }
}

const PIECES = ['agent_message_chunk', 'agent_thought_chunk'] as const;

/** Two neighbouring pieces of one text as one; undefined where they are not. */
export function join(first: SessionUpdateParams, second: SessionUpdateParams): SessionUpdateParams | undefined {
  if (first.turnId !== second.turnId) return undefined;
  const [a, b] = [first.update, second.update];
  if (a.sessionUpdate !== b.sessionUpdate) return undefined;
  if (a.sessionUpdate === 'tool_call_update' && b.sessionUpdate === 'tool_call_update') {
    const only = (update: object) => Object.keys(update).length === 3;
    if (a.toolCallId !== b.toolCallId || a.output === undefined || b.output === undefined) return undefined;
    if (!only(a) || !only(b)) return undefined;
    return { ...first, update: { ...a, output: (a.output + b.output).slice(-MAX_OUTPUT) } };
  }
  // Messages of the person stay apart: each was said by itself.
  for (const kind of PIECES) {
    if (a.sessionUpdate !== kind || b.sessionUpdate !== kind) continue;
    return { ...first, update: { ...a, content: { type: 'text', text: a.content.text + b.content.text } } };
  }
  return undefined;
}
