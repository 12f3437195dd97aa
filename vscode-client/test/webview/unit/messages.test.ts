import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LiveSession } from '../../../src/sessions/store.js';
import { toHost, toWebview } from '../../../src/views/chat/check_messages.js';
import { knowsCode, knowsLink, knowsPath, knowsTurn } from '../../../src/views/chat/known.js';
import { placeOf } from '../../../src/views/chat/place.js';

test('what the page says is taken only in its right shape', () => {
  const good: readonly unknown[] = [
    { type: 'ready' },
    { type: 'select', sessionId: 's' },
    { type: 'prompt', requestId: 1, sessionId: null, text: 'hi', images: [{ mediaType: 'image/png', data: 'aGk=' }] },
    { type: 'answerApproval', approvalId: 'a', answer: 'once' },
    { type: 'openFile', sessionId: 's', callId: 'c', path: 'a.py', line: 3 },
  ];
  const bad: readonly unknown[] = [
    undefined,
    null,
    [],
    'ready',
    {},
    { type: 'constructor' },
    { type: '__proto__' },
    { type: 'select' },
    { type: 'select', sessionId: '' },
    { type: 'select', sessionId: 1 },
    { type: 'prompt', requestId: 1, sessionId: null, text: 'hi', images: [{ mediaType: 'text/html', data: '' }] },
    { type: 'prompt', requestId: 1, sessionId: null, text: 'hi', images: [{ mediaType: 'image/png', data: '<svg>' }] },
    { type: 'prompt', requestId: -1, sessionId: null, text: 'hi', images: [] },
    { type: 'answerApproval', approvalId: 'a', answer: 'yes' },
    { type: 'openFile', sessionId: 's', callId: 'c', path: 'a.py', line: 1.5 },
    { type: 'sessionAction', sessionId: 's', action: 'workbench.action.quit' },
    { type: 'restore', requestId: 1, sessionId: 's', turnId: 't', what: 'everything' },
  ];
  for (const message of good) assert.deepEqual(toHost(message), message);
  for (const message of bad) assert.equal(toHost(message), undefined, JSON.stringify(message));
});

test('what the extension says is taken only in its right shape', () => {
  assert.ok(toWebview({ type: 'updates', updates: [{ sessionId: 's', turnId: null, update: { sessionUpdate: 'plan', entries: [] } }] }));
  assert.equal(toWebview({ type: 'updates', updates: [{ sessionId: 's' }] }), undefined);
  assert.equal(toWebview({ type: 'closed', id: 'a' }), undefined);
});

const session = {
  updates: [
    { turnId: 't1', update: { sessionUpdate: 'tool_call', toolCallId: 'c1', rawInput: { file_path: 'src/a.py' } } },
    { turnId: 't1', update: { sessionUpdate: 'tool_call_update', toolCallId: 'c1', locations: [{ path: 'src/b.py' }] } },
    { turnId: 't1', update: { sessionUpdate: 'tool_call_update', toolCallId: 'c2', content: [{ type: 'diff', path: 'src/c.py', diff: '' }] } },
    {
      turnId: 't1',
      update: {
        sessionUpdate: 'agent_message_chunk',
        content: { type: 'text', text: 'Look at [it](https://example.com/x):\n\n- so:\n  ```py\n  if x:\n      y()\n  ```\n\n> ```\n> quoted\n> ```\n' },
      },
    },
    { turnId: 't1', update: { sessionUpdate: 'user_message_chunk', content: { type: 'text', text: 'rm -rf /' } } },
  ],
} as unknown as LiveSession;

test('what the page names counts only where the session holds it', () => {
  assert.equal(knowsTurn(session, 't1'), true);
  assert.equal(knowsTurn(session, 't2'), false);
  assert.deepEqual(
    [knowsPath(session, 'c1', 'src/a.py'), knowsPath(session, 'c1', 'src/b.py'), knowsPath(session, 'c2', 'src/c.py')],
    [true, true, true],
  );
  assert.deepEqual([knowsPath(session, 'c2', 'src/a.py'), knowsPath(session, 'c1', '/etc/passwd')], [false, false]);
  assert.deepEqual([knowsCode(session, 'if x:\n    y()\n'), knowsCode(session, 'quoted')], [true, true]);
  assert.deepEqual([knowsCode(session, 'rm -rf /'), knowsCode(session, ''), knowsCode(session, 'y()\nz()')], [false, false, false]);
  assert.equal(knowsLink(session, 'https://example.com/x'), true);
  assert.equal(knowsLink(session, 'https://example.org/'), false);
});

test('a link to a file may name a line', () => {
  assert.deepEqual(placeOf('src/a.py#L12-L20'), { path: 'src/a.py', line: 12 });
  assert.deepEqual(placeOf('src/a.py:7:3'), { path: 'src/a.py', line: 7 });
  assert.deepEqual(placeOf('docs/a%20b.md'), { path: 'docs/a b.md', line: undefined });
  assert.deepEqual(placeOf('100%.md'), { path: '100%.md', line: undefined });
});
