import * as assert from 'node:assert/strict';
import { test } from 'node:test';
import { hereInstead, withSession } from '../../src/server/middleware.js';

test('a code action means the session that the chat shows', () => {
  assert.deepEqual(withSession('droid.fix', [{ uri: 'file:///a' }], 's1'), [{ uri: 'file:///a', sessionId: 's1' }]);
  assert.deepEqual(withSession('droid.fix', [], 's1'), [{ sessionId: 's1' }]);
});

test('what names a session, or is not about code, stays as it is', () => {
  for (const [command, args, active] of [
    ['droid.fix', [{ sessionId: 's2' }], 's1'],
    ['droid.fix', [{}], undefined],
    ['droid.approve', [{ approvalId: 'a' }], 's1'],
  ] as const) {
    assert.deepEqual(withSession(command, [...args], active), args);
  }
});

test('a verb that needs something from the person opens what the editor has for it', () => {
  const rows = [
    ['droid.ask', [{ uri: 'file:///a' }], 'droid.selection.ask'],
    ['droid.ask', [{ prompt: 'do' }], undefined],
    ['droid.model.set', [], 'droid.pickModel'],
    ['droid.model.set', [{ model: 'm' }], undefined],
    ['droid.approve', [], undefined],
    ['droid.review.acceptHunk', [{ hunkId: 'h' }], undefined],
  ] as const;
  assert.deepEqual(rows.map(([command, args]) => hereInstead(command, args)), rows.map((row) => row[2]));
});
