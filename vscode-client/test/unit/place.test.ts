import * as assert from 'node:assert/strict';
import { test } from 'node:test';
import { isElsewhere, placeOf } from '../../src/views/chat/place.js';

test('a path that a model names is not looked for on another machine', () => {
  const paths = ['\\\\evil\\share\\a.py', '//evil/share/a.py', '\\/evil/a', '/home/a.py', 'C:\\a.py', 'src/a.py'];
  assert.deepEqual(paths.map(isElsewhere), [true, true, true, false, false, false]);
});

test('a link to a file may name a line', () => {
  assert.deepEqual(placeOf('src/a.py#L12'), { path: 'src/a.py', line: 12 });
  assert.deepEqual(placeOf('src/a%20b.py'), { path: 'src/a b.py', line: undefined });
});
