import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lastStop, spoken } from '../../../src/webview/components/announcer.js';
import { choicesOf } from '../../../src/webview/components/approval_answers.js';
import { PressGuard } from '../../../src/webview/components/guard.js';
import { completed, mentionAt } from '../../../src/webview/components/mentions.js';
import { PromptHistory } from '../../../src/webview/components/prompt_history.js';
import { ansiSpans } from '../../../src/webview/text/ansi.js';
import { filesOf } from '../../../src/webview/text/diff.js';
import { exact, exactPieces, hiddenCount, visible } from '../../../src/webview/text/exact.js';
import { ago, cost, duration, tokens } from '../../../src/webview/text/format.js';

const EXACT: readonly (readonly [string, string])[] = [
  ['plain text\twith tab\n', 'plain text\twith tab\n'],
  ['a\u202Eb', 'a⟨U+202E⟩b'],
  ['a\u200Db\uFE0F', 'a⟨U+200D⟩b⟨U+FE0F⟩'],
  ['a\r\nb\rc', 'a\nb⟨U+000D⟩c'],
  ['a\u2028b\u0085c', 'a\nb\nc'],
  ['\u001b[31m', '⟨U+001B⟩[31m'],
  ['\u{E0041}', '⟨U+E0041⟩'],
  ['\ud800x', '⟨U+D800⟩x'],
  ['😀 é', '😀 é'],
];
test('what would not show is written out', () => {
  for (const [given, shown] of EXACT) {
    assert.equal(exact(given), shown);
    assert.equal(
      exactPieces(given)
        .map((piece) => piece.text)
        .join(''),
      shown,
    );
  }
  assert.equal(hiddenCount('⟨U+202E⟩'), 0);
  assert.equal(hiddenCount('a\u202E\u202Eb'), 2);
});

test('code of an answer shows what would turn it around, and keeps its emoji', () => {
  assert.equal(visible('ls \u202erm \u200b\u{E0041} ✔\uFE0F 👩\u200D💻'), 'ls ⟨U+202E⟩rm ⟨U+200B⟩⟨U+E0041⟩ ✔\uFE0F 👩\u200D💻');
});

test('a press counts only where the card has been in its place for a while', () => {
  const rows: readonly (readonly [string, (guard: PressGuard) => void, number, boolean])[] = [
    ['too soon', (guard) => guard.down(100), 150, false],
    ['settled', (guard) => guard.down(500), 550, true],
    ['begun too soon and held', (guard) => guard.down(300), 2000, false],
    ['moved under the pointer', (guard) => (guard.at({ left: 0, top: 50 }, 900), guard.down(1000)), 1010, false],
    ['moved while it was pressed', (guard) => (guard.down(1000), guard.at({ left: 0, top: 50 }, 1005)), 1010, false],
    ['moved by a hair', (guard) => (guard.at({ left: 0, top: 1 }, 900), guard.down(1000)), 1010, true],
    ['a key that repeats', (guard) => (guard.down(1000), guard.down(1030, true)), 1040, false],
    ['looked at again', (guard) => (guard.restart(900), guard.down(1000)), 1010, false],
    ['without a press, by a screen reader', () => undefined, 900, true],
  ];
  for (const [name, play, at, taken] of rows) {
    const guard = new PressGuard(0);
    guard.at({ left: 0, top: 0 }, 0);
    play(guard);
    assert.equal(guard.takes(at), taken, name);
  }
});

test('answers keep their order, and those that are not offered are left out', () => {
  const params = {
    options: ['reject', 'always', 'instruct', 'once', 'session_program', 'from_the_future'],
    sessionGrant: null,
    sessionProgram: 'git commit',
    always: 'npm test',
  } as unknown as Parameters<typeof choicesOf>[0];
  assert.deepEqual(
    choicesOf(params).map((choice) => choice.label),
    ['Approve once', 'git commit for this session', 'Always allow npm test', 'Reject', 'Reject and instruct'],
  );
});

test('a diff is cut into its files, and a removed line is no header', () => {
  const files = filesOf(
    '--- a/x.sql\n+++ b/x.sql\n@@ -1,2 +1,1 @@\n-- a comment of SQL\n-++ b\n+new\n--- /dev/null\n+++ b/made.py\n@@ -0,0 +1 @@\n+print()\n--- a/gone.py\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n',
  );
  assert.deepEqual(
    files.map(({ path, kind, added, removed }) => [path, kind, added, removed]),
    [
      ['x.sql', 'edit', 1, 2],
      ['made.py', 'create', 1, 0],
      ['gone.py', 'delete', 0, 1],
    ],
  );
});

test('every line of a diff is shown', () => {
  const body = Array.from({ length: 1000 }, (_, at) => `${' +-'[at % 3]}line ${at}`);
  const [file] = filesOf(`--- a/x\n+++ b/x\n@@ -1,667 +1,667 @@\n${body.join('\n')}\n`);
  const shown = file?.runs.map((run) => run.text).join('\n');
  assert.equal(shown, `@@ -1,667 +1,667 @@\n${body.join('\n')}`);
});

test('output keeps its colours, and shows lines as they ended', () => {
  assert.deepEqual(ansiSpans('\u001b[1;31mbad\u001b[0m ok'), [
    { text: 'bad', style: 'fg-1 bold' },
    { text: ' ok', style: '' },
  ]);
  assert.deepEqual(ansiSpans('10%\r50%\r100%\ndone\u001b[2K\r\n'), [
    { text: '100%\ndone', style: '' },
    { text: '\n', style: '' },
  ]);
  assert.deepEqual(ansiSpans('\u001b[38;5;200mx\u001b]0;title\u0007y'), [
    { text: 'x', style: '' },
    { text: 'y', style: '' },
  ]);
});

test('numbers are short and keep what they say', () => {
  assert.deepEqual([duration(0.2), duration(5.25), duration(61), duration(3700)], ['200 ms', '5.3 s', '1 min 1 s', '1 h 1 min']);
  assert.deepEqual([cost(0), cost(0.0012), cost(1.5)], ['$0.00', '$0.0012', '$1.50']);
  assert.deepEqual([tokens(999), tokens(68_400), tokens(200_000), tokens(1_000_000)], ['999', '68.4k', '200k', '1M']);
  assert.equal(ago(0, 7200), '2 h ago');
});

test('a mention begins at a word, and a folder can be gone into', () => {
  assert.deepEqual(mentionAt('see @src/a', 10), { from: 4, query: 'src/a' });
  assert.equal(mentionAt('mail@example', 12), undefined);
  assert.equal(mentionAt('@done here', 10), undefined);
  assert.deepEqual(completed('see @sr now', 7, { from: 4, query: 'sr' }, '@src/'), { text: 'see @src/ now', cursor: 9 });
  assert.deepEqual(completed('@a', 2, { from: 0, query: 'a' }, '@a.py'), { text: '@a.py ', cursor: 6 });
});

test('the history goes back and forth, and gives back what was being written', () => {
  const history = new PromptHistory(() => ['one', 'two']);
  const seen = [history.step(-1, 'draft'), history.step(-1, 'two'), history.step(-1, 'one'), history.step(1, 'one'), history.step(1, 'two'), history.step(1, 'draft')];
  assert.deepEqual(seen, ['two', 'one', undefined, 'two', 'draft', undefined]);
});

test('an answer is read aloud in sentences, code by its name', () => {
  assert.equal(lastStop('One. Two is no'), 4);
  assert.equal(lastStop('no end'), 0);
  assert.equal(spoken('## Do **this**\n```py\nx = 1\n```\nSee [docs](http://x).'), 'Do this (code block) See docs.');
});
