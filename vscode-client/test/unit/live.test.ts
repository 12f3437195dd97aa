import * as assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SessionUpdate, SessionUpdateParams } from '../../src/protocol.js';
import { Live } from '../../src/sessions/live.js';

const said = (update: SessionUpdate, turnId: string | null = 't1'): SessionUpdateParams => ({ sessionId: 's', turnId, update });
const text = (value: string, kind: 'agent_message_chunk' | 'user_message_chunk' = 'agent_message_chunk'): SessionUpdate => ({
  sessionUpdate: kind,
  content: { type: 'text', text: value },
});
const output = (value: string, toolCallId = 'c'): SessionUpdate => ({ sessionUpdate: 'tool_call_update', toolCallId, output: value });

function session(...updates: SessionUpdateParams[]): Live {
  const live = new Live('s');
  for (const one of updates) live.update(one);
  return live;
}

test('pieces of one answer are kept as one', () => {
  assert.deepEqual(session(said(text('a')), said(text('b')), said(text('c'))).updates, [said(text('abc'))]);
});

test('answers of two turns and messages of a person stay apart', () => {
  const all = [said(text('a')), said(text('b'), 't2'), said(text('c', 'user_message_chunk')), said(text('d', 'user_message_chunk'))];
  assert.deepEqual(session(...all).updates, all);
});

test('output of one call is kept as one, and only its end when there is much of it', () => {
  const live = session(said(output('x'.repeat(60_000))), said(output('y'.repeat(60_000))), said(output('z', 'other')));
  assert.equal(live.updates.length, 2);
  const [first] = live.updates;
  const kept = first?.update.sessionUpdate === 'tool_call_update' ? first.update.output : '';
  assert.equal(kept, 'x'.repeat(4000) + 'y'.repeat(60_000));
});

test('a session that is told again is kept once', () => {
  const told = [said({ sessionUpdate: 'replay_started' }, null), said(text('a')), said({ sessionUpdate: 'replay_ended' }, null)];
  const live = session(...told, ...told);
  assert.deepEqual(live.updates, [said(text('a'))]);
  assert.equal(live.replaying, false);
});

test('what is told again makes no session busy', () => {
  const live = session(said({ sessionUpdate: 'replay_started' }, null), said({ sessionUpdate: 'turn_started', startedAt: 0 }));
  assert.equal(live.busy, false);
  live.update(said({ sessionUpdate: 'replay_ended' }, null));
  live.update(said({ sessionUpdate: 'turn_started', startedAt: 0 }, 't2'));
  assert.deepEqual([live.busy, live.turnId], [true, 't2']);
});

test('a server that is gone leaves nothing busy', () => {
  const live = session(said({ sessionUpdate: 'turn_started', startedAt: 0 }));
  assert.equal(live.stopped(), true);
  assert.deepEqual([live.busy, live.turnId, live.stopped()], [false, null, false]);
});
