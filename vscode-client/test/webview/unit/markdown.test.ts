import assert from 'node:assert/strict';
import { test } from 'node:test';
import { targetOf } from '../../../src/webview/markdown/links.js';
import { MarkdownStream } from '../../../src/webview/markdown/stream.js';

const TEXTS: Readonly<Record<string, string>> = {
  prose: '# Title\n\nSome *text*\nover lines.\n\nMore text.\n',
  lists: '1. one\n2. two\n\n   more of two\n\n10. ten\n\n- [x] done\n  - nested\n\nafter\n',
  code: 'before\n\n```python\ndef f():\n    return "```"\n\n```\n\nafter\n\n~~~\nx\n~~~\nlast',
  table: '| a | b |\n| --- | --- |\n| 1 | 2 |\n| 3 | 4 |\n\nafter',
  quote: '> one\n> two\n\n---\n\nHeading\n===\n\n<div>html</div>\n\nend',
  'open code': 'text\n\n```js\nlet x = 1;\n\n\nlet y',
  links: 'see [a][1]\n\n[1]: https://example.com\n\nsee [b][1]\n',
};

function shape(stream: MarkdownStream): unknown {
  return stream.blocks.map((block) => [block.token.type, block.raw.trim()]);
}

for (const [name, text] of Object.entries(TEXTS)) {
  test(`however it is cut, the same blocks come of it: ${name}`, () => {
    const whole = new MarkdownStream();
    whole.update(text);
    for (const size of [1, 2, 3, 7]) {
      const stream = new MarkdownStream();
      for (let at = size; at < text.length + size; at += size) stream.update(text.slice(0, at));
      assert.deepEqual(shape(stream), shape(whole), `pieces of ${size}`);
    }
    assert.equal(whole.blocks.map((block) => block.raw.replace(/\s/g, '')).join(''), text.replace(/\s/g, ''));
  });
}

test('complete blocks are the same values when more comes', () => {
  const stream = new MarkdownStream();
  const text = 'one\n\ntwo\n\n```\ncode\n```\n\nthree';
  const before = stream.update(text);
  const after = stream.update(`${text} and more`);
  assert.equal(after.length, before.length);
  for (const [at, block] of before.slice(0, -1).entries()) assert.equal(after[at], block);
});

test('another text begins anew', () => {
  const stream = new MarkdownStream();
  stream.update('one\n\ntwo');
  assert.deepEqual(stream.update('other').length, 1);
});

test('the beginning of a long list or paragraph is complete, and nothing of it is lost', () => {
  for (const text of [Array.from({ length: 300 }, (_, at) => `- item ${at}`).join('\n'), 'word '.repeat(5000)]) {
    const stream = new MarkdownStream();
    for (let at = 500; at < text.length + 500; at += 500) stream.update(text.slice(0, at));
    assert.ok(stream.blocks.length > 1);
    assert.equal(stream.blocks.map((block) => block.raw).join('').replace(/\s/g, ''), text.replace(/\s/g, ''));
  }
});

test('an open code block loses its fence and its indentation', () => {
  const stream = new MarkdownStream();
  const [block] = stream.update('  ```py\n  x\n    y\n');
  assert.equal((block?.token as { text: string }).text, 'x\n  y\n');
});

const LINKS: readonly (readonly [string, string | undefined])[] = [
  ['https://example.com/a?b=c', 'example.com'],
  ['http://раураl.com/', 'xn--l-7sba6dbr.com'],
  ['mailto:a@example.com', 'a@example.com'],
  ['src/a.py#L4', 'src/a.py#L4'],
  ['src/a.py:12', 'src/a.py:12'],
  ['javascript:alert(1)', undefined],
  ['JavaScript:alert(1)', undefined],
  ['command:workbench.action.terminal.new', undefined],
  ['vscode://x/y', undefined],
  ['data:text/html,x', undefined],
  ['file:///etc/passwd', undefined],
  ['//example.com', undefined],
  ['#anchor', undefined],
  ['https://exa\u202Emple.com', undefined],
  ['java\tscript:alert(1)', undefined],
  ['', undefined],
];
test('only web and mail addresses and files are links', () => {
  for (const [href, shown] of LINKS) assert.equal(targetOf(href)?.shown, shown, href);
});
