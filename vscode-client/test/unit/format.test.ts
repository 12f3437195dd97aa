import * as assert from 'node:assert/strict';
import { test } from 'node:test';
import { ago, cost, count, shortened, unlinked } from '../../src/format.js';

test('costs are written in dollars, and unknown ones not at all', () => {
  assert.deepEqual([null, 0, 0.004, 1.5].map(cost), ['', '$0.00', '<$0.01', '$1.50']);
});

test('times are written in a word or two', () => {
  const now = 1_700_000_000;
  const told = [5, 90, 7200, 3 * 86_400, 40 * 86_400, -10].map((before) => ago(now - before, now));
  assert.deepEqual(told, ['now', '1 min', '2 h', '3 d', '2023-10-05', 'now']);
});

test('counts agree with their words', () => {
  assert.deepEqual([count(1, 'file'), count(2, 'file'), count(0, 'entry', 'entries')], ['1 file', '2 files', '0 entries']);
});

test('a long text is cut on one line', () => {
  assert.equal(shortened(' a\n b  c ', 10), 'a b c');
  assert.equal(shortened('abcdefgh', 5), 'abcd…');
});

test('nothing that a model names becomes a link of a notification', () => {
  assert.equal(unlinked('[a.py](command:x?%5B1%5D) [b](HTTPS://e.com)'), '[a.py]⟨U+0028⟩command:x?%5B1%5D) [b]⟨U+0028⟩HTTPS://e.com)');
  assert.equal(unlinked('f[0](x) and (command:x)'), 'f[0](x) and (command:x)');
});
