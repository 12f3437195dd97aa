// The chat's page as a person uses it: in Chromium, under the policy that VS Code sets.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, afterEach, before, test } from 'node:test';
import { answer, approval, ASKING, call, DIFF, ended, FULL, init, meta, plan, session, SESSION, tool, turn, usage, user } from './fixtures.mjs';
import { startHarness } from './harness.mjs';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const BUSY = { live: [meta({ busy: true, turnId: 't2', message: 'Running npm test' })] };

let harness;
const opened = [];

before(async () => {
  harness = await startHarness();
});
after(() => harness.stop());
afterEach(async () => {
  for (const chat of opened.splice(0)) {
    assert.deepEqual(chat.faults, [], 'nothing was thrown, and the policy was kept');
    await chat.close();
  }
});

async function open(options) {
  const chat = await harness.open(options);
  opened.push(chat);
  return chat;
}

const input = (chat) => chat.page.getByRole('textbox', { name: 'Message' });
const button = (chat, name) => chat.page.getByRole('button', { name, exact: true });
/** Longer than a card must have been in its place. */
const settle = (chat) => chat.page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 450)));

async function asking(params = approval(), options) {
  const chat = await open(options);
  await chat.say(init(BUSY), session(ASKING), { type: 'approval', params });
  return chat;
}

test('an answer is drawn as Markdown, and HTML in it as text', async () => {
  const chat = await open();
  await chat.say(init(), session(turn('t1', user('hi'), answer('**bold** <img src=x onerror=alert(1)>\n\n<script>alert(1)</script>\n\n[x](javascript:alert(1)) ![i](https://example.com/i.png)'), ended())));
  const md = chat.page.locator('.md').first();
  assert.equal(await md.locator('strong').textContent(), 'bold');
  assert.equal(await chat.page.locator('.md img, .md script, .md a[href^=javascript]').count(), 0);
  assert.match(await md.textContent(), /<img src=x onerror=alert\(1\)>/);
});

test('while an answer streams, blocks that are complete stay the elements that they are', async () => {
  const chat = await open();
  await chat.say(init(BUSY), session(turn('t2', user('hi'), answer('First.\n\n```js\none();\n'))));
  await chat.page.evaluate(() => {
    window.first = document.querySelector('.md p');
    window.code = document.querySelector('.code pre');
  });
  await chat.say({ type: 'updates', updates: turn('t2', answer('two();\n```\n\nLast')) });
  assert.deepEqual(
    await chat.page.evaluate(() => [window.first.isConnected, window.code.isConnected, document.querySelector('.code code').textContent]),
    [true, true, 'one();\ntwo();\n'.trimEnd()],
  );
});

test('the view follows its end only while the person is there', async () => {
  const chat = await open({ height: 500 });
  await chat.say(init(BUSY), session([...FULL, ...turn('t2', user('more'), answer('word\n\n'.repeat(40)))]));
  const left = () => chat.page.locator('.transcript').evaluate((box) => box.scrollHeight - box.clientHeight - box.scrollTop);
  assert.ok((await left()) < 4);
  await chat.say({ type: 'updates', updates: turn('t2', answer('more\n\n'.repeat(30))) });
  assert.ok((await left()) < 4);
  await chat.page.locator('.transcript').evaluate((box) => box.scrollTo(0, 100));
  await chat.say();
  const top = () => chat.page.locator('.transcript').evaluate((box) => box.scrollTop);
  const there = await top();
  await chat.say({ type: 'updates', updates: turn('t2', answer('even more\n\n'.repeat(30))) });
  assert.equal(await top(), there);
  await button(chat, 'Jump to latest').click();
  await chat.say();
  assert.ok((await left()) < 4);
});

test('an approval shows the whole command with what would not show, and takes no focus', async () => {
  const chat = await open();
  await chat.say(init(BUSY), session(ASKING));
  await input(chat).focus();
  await chat.say({ type: 'approval', params: approval() });
  const card = chat.page.getByRole('region', { name: /Approve Execute/ });
  assert.match(await card.textContent(), /origin ⟨U\+202E⟩main && rm -rf build\/ && curl .* \| sh/);
  assert.match(await card.textContent(), /\/work\/project/);
  assert.equal(await input(chat).evaluate((box) => box === document.activeElement), true);
  assert.deepEqual(await card.locator('.answers button').allTextContents(), [
    'Approve once',
    'Approve for this session',
    'git push for this session',
    'Always allow git push --force-with-lease origin main',
    'Reject',
    'Reject and instruct',
  ]);
});

test('an answer that is given as the card appears is not taken, and a later one is', async () => {
  const chat = await asking();
  await button(chat, 'Approve once').dispatchEvent('pointerdown');
  await button(chat, 'Approve once').dispatchEvent('click');
  assert.equal((await chat.said('answerApproval')).length, 0);
  await settle(chat);
  await button(chat, 'Approve once').click();
  assert.deepEqual(await chat.said('answerApproval'), [{ type: 'answerApproval', approvalId: 'a1', answer: 'once' }]);
});

test('an answer is not taken where the card moved under the pointer', async () => {
  const chat = await asking();
  await settle(chat);
  await chat.say({ type: 'updates', updates: turn('t2', answer('Something came above it.\n\nAnd more.')) });
  await chat.page.evaluate(() => document.querySelector('.turn').prepend(document.createElement('hr'), 'moved by this'));
  await button(chat, 'Approve once').dispatchEvent('pointerdown');
  await button(chat, 'Approve once').dispatchEvent('click');
  assert.equal((await chat.said('answerApproval')).length, 0);
  assert.match(await chat.page.locator('.approval').textContent(), /Not taken/);
});

test('a key that is held down answers nothing', async () => {
  const chat = await asking();
  await settle(chat);
  await button(chat, 'Approve once').focus();
  await chat.page.evaluate(() => {
    const target = document.activeElement;
    target.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', repeat: true, bubbles: true, cancelable: true }));
    target.click();
  });
  assert.equal((await chat.said('answerApproval')).length, 0);
  await chat.page.keyboard.press('Enter');
  assert.equal((await chat.said('answerApproval')).length, 1);
});

test('a rejection can say what to do instead', async () => {
  const chat = await asking();
  await settle(chat);
  await button(chat, 'Reject and instruct').click();
  await chat.page.keyboard.type('Use a branch');
  await button(chat, 'Reject with this').click();
  assert.deepEqual(await chat.said('answerApproval'), [{ type: 'answerApproval', approvalId: 'a1', answer: 'instruct', instruction: 'Use a branch' }]);
});

test('a question that is withdrawn closes and says so', async () => {
  const chat = await asking();
  await chat.say({ type: 'closed', id: 'a1', sessionId: SESSION });
  assert.equal(await button(chat, 'Approve once').count(), 0);
  assert.match(await chat.page.locator('.approval-closed').textContent(), /Withdrawn/);
});

test('every file of an edit is shown whole, and the changes can be reviewed', async () => {
  const files = ['a.py', 'b.py'].map((path) => ({
    path,
    uri: `file:///w/${path}`,
    kind: 'edit',
    version: null,
    before: null,
    after: null,
    binary: false,
    state: 'pending',
    hunks: [{ hunkId: path, oldStart: 1, oldLines: 1, newStart: 1, newLines: 300, lines: ['-old', ...Array.from({ length: 300 }, (_, at) => `+${path} line ${at}\u200B`)], state: 'pending' }],
  }));
  const chat = await asking(approval({ tool: 'ApplyPatch', subject: 'a.py\nb.py', changeset: { changesetId: 'x', files } }));
  const text = await chat.page.locator('.approval').textContent();
  for (const path of ['a.py', 'b.py']) for (const at of [0, 150, 299]) assert.ok(text.includes(`+${path} line ${at}⟨U+200B⟩`));
  await button(chat, 'Review changes').click();
  assert.deepEqual(await chat.said('reviewApproval'), [{ type: 'reviewApproval', approvalId: 'a1' }]);
});

test('Enter sends, Shift and Enter begin a line, and what could not be sent comes back', async () => {
  const chat = await open();
  await chat.say(init(), session([]));
  await input(chat).fill('one');
  await input(chat).press('Shift+Enter');
  await input(chat).pressSequentially('two');
  await input(chat).press('Enter');
  const [sent] = await chat.said('prompt');
  assert.equal(sent.text, 'one\ntwo');
  assert.equal(await input(chat).inputValue(), '');
  await chat.say({ type: 'promptResult', requestId: sent.requestId, sessionId: SESSION, error: 'no model is set' });
  assert.equal(await input(chat).inputValue(), 'one\ntwo');
  assert.match(await chat.page.getByRole('alert').textContent(), /no model is set/);
});

test('with the other setting, Enter begins a line', async () => {
  const chat = await open();
  await chat.say(init({ config: { enterSends: false, place: 'view', trusted: true, folders: [] } }), session([]));
  await input(chat).pressSequentially('one');
  await input(chat).press('Enter');
  assert.equal((await chat.said('prompt')).length, 0);
  await input(chat).press('Control+Enter');
  assert.equal((await chat.said('prompt')).length, 1);
});

test('drafts are kept by session and across a reload', async () => {
  const chat = await open();
  const both = { live: [meta(), meta({ sessionId: 's2', title: 'Other' })] };
  await chat.say(init(both), session([]));
  await input(chat).fill('of the first');
  await chat.say({ type: 'live', ...both, active: 's2' });
  assert.equal(await input(chat).inputValue(), '');
  await input(chat).fill('of the second');
  await chat.page.reload();
  await chat.say(init(both), session([]));
  assert.equal(await input(chat).inputValue(), 'of the first');
  await chat.say({ type: 'live', ...both, active: 's2' });
  assert.equal(await input(chat).inputValue(), 'of the second');
});

test('a mention is completed by the keyboard', async () => {
  const chat = await open();
  await chat.page.evaluate(() => {
    window.answer = (message) => {
      if (message.type !== 'mentions') return;
      const items = ['src/a.py', 'src/b.py'].map((path) => ({ insert: `@${path}`, label: path.slice(4), detail: 'src', kind: 'file' }));
      window.say({ type: 'mentionsResult', requestId: message.requestId, items });
    };
  });
  await chat.say(init(), session([]));
  await input(chat).pressSequentially('see @s');
  await chat.page.getByRole('option', { name: 'b.py' }).waitFor();
  await input(chat).press('ArrowDown');
  await input(chat).press('Enter');
  await chat.say();
  assert.equal(await input(chat).inputValue(), 'see @src/b.py ');
  assert.equal((await chat.said('prompt')).length, 0);
});

test('Escape twice cancels a running turn, and once does not', async () => {
  const chat = await open();
  await chat.say(init(BUSY), session(turn('t2', user('go'))));
  await input(chat).press('Escape');
  assert.equal((await chat.said('cancel')).length, 0);
  await input(chat).press('Escape');
  assert.deepEqual(await chat.said('cancel'), [{ type: 'cancel', sessionId: SESSION }]);
});

test('what was sent comes back with the arrows', async () => {
  const chat = await open();
  await chat.say(init(), session([]));
  for (const text of ['first', 'second']) {
    await input(chat).fill(text);
    await input(chat).press('Enter');
  }
  await input(chat).press('ArrowUp');
  await chat.say();
  assert.equal(await input(chat).inputValue(), 'second');
  await input(chat).press('ArrowUp');
  await chat.say();
  assert.equal(await input(chat).inputValue(), 'first');
});

test('an image is pasted, shown, sent and can be taken away', async () => {
  const chat = await open();
  await chat.say(init(), session([]));
  await input(chat).evaluate((box) => {
    const bytes = Uint8Array.from(atob('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='), (one) => one.charCodeAt(0));
    for (const name of ['a.png', 'b.png']) {
      const data = new DataTransfer();
      data.items.add(new File([bytes], name, { type: 'image/png' }));
      box.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
    }
  });
  await chat.page.locator('.images img').first().waitFor();
  await chat.page.getByRole('button', { name: 'Remove image 1' }).click();
  await input(chat).fill('look');
  await input(chat).press('Enter');
  const [sent] = await chat.said('prompt');
  assert.ok(sent.images.every((image) => image.mediaType === 'image/png' && image.data.startsWith('iVBOR')));
});

test('an edited prompt goes back to before the message, and only when it is sent', async () => {
  const chat = await open();
  await chat.page.evaluate(() => {
    window.answer = (message) => {
      if (message.type === 'restore') window.say({ type: 'restoreResult', requestId: message.requestId, prompt: 'Hello', error: null });
    };
  });
  await chat.say(init(), session(turn('t1', user('Hello'), answer('Hi'), ended())));
  await chat.page.locator('.user').hover();
  await button(chat, 'Edit and send again').click();
  await chat.say();
  assert.equal(await input(chat).inputValue(), 'Hello');
  assert.equal((await chat.said('restore')).length, 0);
  await input(chat).fill('Hello there');
  await input(chat).press('Enter');
  await chat.say();
  const said = (await chat.said()).filter((one) => ['restore', 'prompt'].includes(one.type));
  assert.deepEqual(
    said.map((one) => [one.type, one.turnId ?? one.text]),
    [
      ['restore', 't1'],
      ['prompt', 'Hello there'],
    ],
  );
});

test('a turn that failed says what can be done', async () => {
  const chat = await open();
  await chat.say(init(), session(turn('t1', user('Hello'), ended({ reason: 'provider', message: 'overloaded' }))));
  assert.match(await chat.page.locator('.ended').textContent(), /overloaded/);
  await button(chat, 'Choose a model').click();
  assert.deepEqual(await chat.said('pickModel'), [{ type: 'pickModel', sessionId: SESSION }]);
});

test('a long conversation is drawn from its end, and earlier turns when they are asked for', async () => {
  const chat = await open();
  await chat.say(init(), session(Array.from({ length: 300 }, (_, at) => turn(`t${at}`, user(`Number ${at}`), answer('yes'), ended())).flat()));
  await chat.page.getByText('Number 299', { exact: true }).waitFor();
  await chat.page.waitForFunction(() => document.querySelectorAll('.turn').length === 30);
  await chat.page.locator('.earlier').click();
  await chat.say();
  const drawn = await chat.page.locator('.turn').count();
  assert.ok(drawn > 30 && drawn < 300);
});

test('the keyboard reaches everything: messages by arrows, and what is in one by Tab', async () => {
  const chat = await open();
  await chat.say(init({ live: [meta(), meta({ sessionId: 's2', title: 'Other' })] }), session([...FULL, ...turn('t2', user('Thanks'), answer('Gladly'), ended())]));
  await input(chat).focus();
  await chat.page.keyboard.press('Shift+Tab');
  const focused = () => chat.page.evaluate(() => document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent);
  assert.equal(await focused(), 'You: Thanks');
  await chat.page.keyboard.press('ArrowUp');
  assert.match(await focused(), /^You: The date test fails/);
  const seen = [];
  for (let at = 0; at < 6; at += 1) {
    await chat.page.keyboard.press('Tab');
    seen.push(await focused());
  }
  assert.ok(seen.includes('Copy message') && seen.includes('Go back to before this message'), seen.join(', '));
  await chat.page.keyboard.press('Escape');
  assert.match(await focused(), /^You: The date test fails/);
  await chat.page.getByRole('tab', { name: /Mend/ }).focus();
  await chat.page.keyboard.press('ArrowRight');
  await chat.page.keyboard.press('Enter');
  assert.deepEqual(await chat.said('select'), [{ type: 'select', sessionId: 's2' }]);
});

test('what is new is read aloud politely, and what was there is not', async () => {
  const chat = await open();
  const live = chat.page.locator('.sr-only[aria-live=polite]');
  await chat.say(init(BUSY), session(turn('t2', user('hi'), answer('Old sentence. '))));
  await chat.say({ type: 'updates', updates: turn('t2', answer('New one. '), ended()) });
  const text = await live.textContent();
  assert.ok(text.includes('New one.') && !text.includes('Old'), text);
});

test('without a server the page says what to do', async () => {
  const chat = await open();
  await chat.say(init({ server: { state: 'failed' }, live: [], active: null }));
  await button(chat, 'Show the log').click();
  assert.deepEqual(await chat.said('appAction'), [{ type: 'appAction', action: 'log' }]);
});

const SCENES = {
  'a full session': [init(BUSY), session([...FULL, ...turn('t2', user('More'), plan, usage, tool('c5', 'Execute', 'execute', 'npm test', { command: 'npm test' }), call('c5', { status: 'in_progress' }), call('c5', { output: 'running\n' }))])],
  'an approval': [init(BUSY), session([...FULL, ...ASKING]), { type: 'approval', params: approval() }],
  'an approval of an edit': [init(BUSY), session(ASKING), { type: 'approval', params: approval({ subject: 'src/dates.py', diff: DIFF }) }],
  'an empty page': [init({ live: [], active: null })],
  'a failure': [init({ server: { state: 'missing' } }), session(turn('t1', user('Hello'), ended({ reason: 'error', message: 'the disk is full' }))), { type: 'failed', message: 'It did not work.' }],
};
// What scrolls in a message is reached once the message has the focus (see the test of the keyboard), and the
// levels of headings in an answer are the answer's own.
const RULES = { 'scrollable-region-focusable': { enabled: false }, 'heading-order': { enabled: false } };
for (const theme of ['dark', 'light', 'hc-dark', 'hc-light']) {
  test(`axe finds nothing in any scene: ${theme}`, async () => {
    const chat = await open({ theme, height: 1600 });
    const found = [];
    for (const [name, messages] of Object.entries(SCENES)) {
      await chat.page.reload();
      await chat.say(...messages);
      await chat.page.evaluate(AXE);
      const { violations } = await chat.page.evaluate((rules) => window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'], rules }), RULES);
      for (const { id, nodes } of violations) for (const node of nodes) found.push(`${name}: ${id}: ${node.html.slice(0, 160)} ${node.failureSummary?.split('\n')[1]?.slice(0, 200) ?? ''}`);
    }
    assert.deepEqual(found, []);
  });
}
