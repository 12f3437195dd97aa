import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RequestApprovalParams, SessionUpdate } from '../../../src/protocol.js';
import { EMPTY, openApprovals, type Item, type Session, type State } from '../../../src/webview/state/model.js';
import { reduce } from '../../../src/webview/state/reducer.js';

const ID = 's1';
const text = (value: string) => ({ type: 'text', text: value }) as const;
const user = (value: string): SessionUpdate => ({ sessionUpdate: 'user_message_chunk', content: text(value) });
const answer = (value: string): SessionUpdate => ({ sessionUpdate: 'agent_message_chunk', content: text(value) });
const ended = (reason = 'done'): SessionUpdate => ({ sessionUpdate: 'turn_ended', reason, message: '', costUsd: null, durationS: 1 });
const call = (toolCallId: string): SessionUpdate => ({
  sessionUpdate: 'tool_call',
  toolCallId,
  title: 'npm test',
  kind: 'execute',
  status: 'pending',
  tool: 'Execute',
  rawInput: { command: 'npm test' },
});

const LOADED = reduce(EMPTY, { type: 'session', sessionId: ID, updates: [] });

function told(state: State, turnId: string | null, ...updates: SessionUpdate[]): State {
  return reduce(state, { type: 'updates', updates: updates.map((update) => ({ sessionId: ID, turnId, update })) });
}

function sessionOf(state: State): Session {
  const session = state.sessions.get(ID);
  assert.ok(session);
  return session;
}

function items(state: State): readonly Item[] {
  return sessionOf(state).turns.flatMap((turn) => turn.items);
}

function tool(state: State): Extract<Item, { kind: 'tool' }> {
  const found = items(state).find((item) => item.kind === 'tool');
  assert.ok(found);
  return found;
}

function approval(more: Partial<RequestApprovalParams> = {}): RequestApprovalParams {
  return {
    sessionId: ID,
    turnId: 't1',
    approvalId: 'a1',
    callId: 'c1',
    tool: 'Execute',
    subject: 'npm test',
    cwd: '/w',
    risk: 'low',
    reason: 'asked',
    options: ['once', 'reject'],
    sessionGrant: null,
    sessionProgram: null,
    always: null,
    diff: null,
    ...more,
  };
}

test('pieces of one answer are one text, and a tool call between them ends it', () => {
  const state = told(LOADED, 't1', user('hi'), answer('one '), answer('two'), call('c1'), answer('three'));
  const texts = items(state).flatMap((item) => (item.kind === 'text' ? [[item.text, item.open]] : []));
  assert.deepEqual(texts, [
    ['one two', false],
    ['three', true],
  ]);
});

test('what does not change stays the same value', () => {
  const before = told(LOADED, 't1', user('hi'), answer('one'), ended());
  const after = told(told(before, 't2', user('more')), 't2', answer('two'));
  assert.equal(sessionOf(after).turns[0], sessionOf(before).turns[0]);
});

test('a message in a running turn steers it, and a turn begins with its own', () => {
  const state = told(LOADED, 't1', user('begin'), user('no, otherwise'));
  assert.deepEqual(
    items(state).map((item) => item.kind === 'user' && item.steers),
    [false, true],
  );
});

test('updates of a session that was not told yet wait for its telling', () => {
  assert.equal(told(EMPTY, 't1', user('hi')).sessions.size, 0);
});

test('a replay begins anew, and moves nothing before it is over', () => {
  const state = told(told(LOADED, 't1', user('old')), null, { sessionUpdate: 'replay_started' });
  assert.equal(sessionOf(state).turns.length, 0);
  assert.equal(sessionOf(state).replaying, true);
  const over = told(told(state, 't1', user('new')), null, { sessionUpdate: 'replay_ended' });
  assert.equal(sessionOf(over).replaying, false);
  assert.equal(sessionOf(over).turns.length, 1);
});

test('a tool call keeps its changes when its result comes', () => {
  const state = told(
    LOADED,
    't1',
    call('c1'),
    { sessionUpdate: 'tool_call_update', toolCallId: 'c1', content: [{ type: 'diff', path: 'a', diff: '+x' }] },
    { sessionUpdate: 'tool_call_update', toolCallId: 'c1', status: 'completed', content: [{ type: 'content', content: text('done') }], durationS: 2 },
  );
  assert.equal(tool(state).diffs.length, 1);
  assert.equal(tool(state).result, 'done');
  assert.equal(tool(state).durationS, 2);
});

test('the end of a long output is kept, and how much is left out is known', () => {
  const piece = 'x'.repeat(50_000);
  const output: SessionUpdate = { sessionUpdate: 'tool_call_update', toolCallId: 'c1', output: piece };
  const state = told(LOADED, 't1', call('c1'), output, output, output);
  assert.equal(tool(state).output.length + tool(state).outputLeftOut, 150_000);
  assert.ok(tool(state).output.length <= 80_000);
});

test('calls that were running when a turn ended were interrupted', () => {
  assert.equal(tool(told(LOADED, 't1', call('c1'), ended('cancelled'))).status, 'interrupted');
});

test('a question that comes before its card stands at the end, and moves to the card', () => {
  const early = reduce(told(LOADED, 't1', user('go')), { type: 'approval', params: approval() });
  assert.deepEqual(
    items(early).map((item) => item.kind),
    ['user', 'approval'],
  );
  const state = told(early, 't1', call('c1'), { sessionUpdate: 'approval_wanted', approvalId: 'a1', toolCallId: 'c1' });
  assert.deepEqual(
    items(state).map((item) => item.kind),
    ['user', 'tool'],
  );
  assert.equal(tool(state).approval?.state, 'open');
  assert.equal(openApprovals(sessionOf(state)).length, 1);
});

const CLOSINGS: readonly (readonly [string, SessionUpdate | undefined, string, string | null])[] = [
  ['answered elsewhere', { sessionUpdate: 'approval_answered', approvalId: 'a1', toolCallId: 'c1', answer: 'once' }, 'answered', 'once'],
  ['withdrawn', { sessionUpdate: 'approval_answered', approvalId: 'a1', toolCallId: 'c1', answer: null }, 'withdrawn', null],
  ['closed without a word', undefined, 'withdrawn', null],
];
for (const [name, update, state, given] of CLOSINGS) {
  test(`a question that was ${name} is closed and says so`, () => {
    const open = reduce(told(LOADED, 't1', call('c1')), { type: 'approval', params: approval() });
    const closed = reduce(open, { type: 'closed', id: 'a1', sessionId: ID });
    const after = update === undefined ? closed : told(closed, 't1', update);
    assert.equal(tool(after).approval?.state, state);
    assert.equal(tool(after).approval?.answer, given);
    assert.equal(openApprovals(sessionOf(after)).length, 0);
    assert.equal(sessionOf(after).waiting.length, 0);
  });
}

test('a question stays open when its session is told again', () => {
  const open = reduce(told(LOADED, 't1', call('c1')), { type: 'approval', params: approval() });
  const again = reduce(open, {
    type: 'session',
    sessionId: ID,
    updates: [{ sessionId: ID, turnId: 't1', update: call('c1') }],
  });
  assert.equal(tool(again).approval?.state, 'open');
});

test('an open question is answered once, where it was asked and told', () => {
  const asked: SessionUpdate = { sessionUpdate: 'question_asked', questionId: 'q1', text: 'Which?', options: ['a', 'b'] };
  const open = reduce(told(LOADED, 't1', asked), {
    type: 'question',
    params: { sessionId: ID, turnId: 't1', questionId: 'q1', text: 'Which?', options: ['a', 'b'] },
  });
  assert.deepEqual(
    items(open).map((item) => item.kind === 'question' && item.state),
    ['open'],
  );
  const after = told(open, 't1', { sessionUpdate: 'question_answered', questionId: 'q1', answer: 'b' });
  assert.deepEqual(
    items(after).map((item) => item.kind === 'question' && [item.state, item.answer]),
    [['answered', 'b']],
  );
});

test('going back leaves out the turn and all after it', () => {
  const state = told(told(told(LOADED, 't1', user('a')), 't2', user('b')), 't3', user('c'));
  const back = told(state, null, { sessionUpdate: 'rewound', turnId: 't2' });
  assert.deepEqual(
    sessionOf(back).turns.map((turn) => turn.id),
    ['t1'],
  );
});

test('usage adds up over requests, and the window is as it was told last', () => {
  const usage = (contextTokens: number, totalCostUsd: number | null): SessionUpdate => ({
    sessionUpdate: 'usage',
    inputTokens: 10,
    outputTokens: 1,
    cacheReadTokens: 0,
    cacheWriteTokens: 0,
    costUsd: null,
    totalCostUsd,
    contextTokens,
    contextWindow: 100,
  });
  const { usage: sum } = sessionOf(told(LOADED, 't1', usage(5, 0.1), usage(7, null)));
  assert.deepEqual([sum?.inputTokens, sum?.contextTokens, sum?.totalCostUsd], [20, 7, 0.1]);
});

test('kinds of update that this client does not know change nothing', () => {
  const unknown = { sessionUpdate: 'from_the_future' } as unknown as SessionUpdate;
  assert.equal(told(LOADED, 't1', unknown), LOADED);
});

test('sessions that are gone are forgotten', () => {
  assert.equal(reduce(LOADED, { type: 'live', live: [], active: null }).sessions.size, 0);
});
