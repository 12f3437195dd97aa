import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shownPath } from '../../../src/webview/text/paths.js';

const rows: readonly (readonly [string, string, readonly string[], string])[] = [
  ['a file of the only folder is named from it', '/work/shop/src/a.py', ['/work/shop'], 'src/a.py'],
  ['of several folders, the nearest one is named, too', '/work/shop/web/a.ts', ['/work/shop', '/work/shop/web'], 'web/a.ts'],
  ['a folder whose name only begins the same is another', '/work/shopping/a.py', ['/work/shop'], '/work/shopping/a.py'],
  ['the folder itself keeps its path', '/work/shop/', ['/work/shop'], '/work/shop/'],
  ['with no folder open, nothing is shortened', '/work/shop/a.py', [], '/work/shop/a.py'],
  ['what is relative already stays so', 'src/a.py', ['/work/shop'], 'src/a.py'],
];

for (const [name, path, folders, shown] of rows) {
  test(name, () => assert.equal(shownPath(path, folders), shown));
}
