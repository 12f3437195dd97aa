import * as assert from 'node:assert/strict';
import { test } from 'node:test';
import { Backoff } from '../../src/server/backoff.js';

test('each crash in a row waits longer, and the sixth is left', () => {
  const backoff = new Backoff();
  const waits = [0, 1, 2, 3, 4, 5].map((at) => backoff.crashed(at));
  assert.deepEqual(waits, [500, 1000, 2000, 4000, 8000, undefined]);
});

test('crashes of long ago do not count', () => {
  const backoff = new Backoff();
  const waits = [0, 200_000, 400_000].map((at) => backoff.crashed(at));
  assert.deepEqual(waits, [500, 500, 500]);
});

test('after a person has restarted it, it begins again', () => {
  const backoff = new Backoff();
  backoff.crashed(0);
  backoff.reset();
  assert.equal(backoff.crashed(1), 500);
});
