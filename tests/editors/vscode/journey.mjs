// One person's way through VS Code with Droid, on the screen: each step is a test, and leaves a picture.
// Usage: journey.mjs VSIX FOLDER HOME PICTURES. A scripted model is at DROID_TEST_MODEL.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { Chat } from './chat.mjs';
import { QUIET, start, until, writeSettings } from './rig.mjs';
import { Workbench } from './workbench.mjs';

const [vsix, folder, home, pictures] = process.argv.slice(2);
fs.mkdirSync(pictures, { recursive: true });
const orders = path.join(folder, 'orders.py');
const onDisk = () => fs.readFileSync(orders, 'utf8');
const asReleased = onDisk();

const play = (...steps) =>
  fetch(`${process.env.DROID_TEST_MODEL}/script`, { method: 'PUT', body: JSON.stringify(steps) });
const call = (name, args) => ({ name, arguments: args });
const read = call('Read', { file_path: 'orders.py' });
const patch = (...rows) =>
  call('ApplyPatch', { input: ['*** Begin Patch', '*** Update File: orders.py', ...rows, '*** End Patch'].join('\n') });
const SUM = [
  '@@',
  '-    total = 0',
  '-    for unit_cents, pieces in lines:',
  '-        total = total + price_cents(unit_cents, pieces)',
  '-    return total',
  '+    return sum(price_cents(unit_cents, pieces) for unit_cents, pieces in lines)',
];
const FROM = [
  '@@',
  '-    if total > FREE_SHIPPING_FROM_CENTS:',
  '+    if total >= FREE_SHIPPING_FROM_CENTS:',
  '         return 0',
];

const settings = {
  'droid.server.path': process.env.DROID_LSP,
  'security.workspace.trust.startupPrompt': 'never',
  'security.workspace.trust.emptyWindow': true,
  'workbench.colorTheme': 'Default Dark Modern',
};
const rig = await start({ home, vsix, settings, env: process.env, trust: false });
let page;
let bench;
let chat;
let number = 0;
let failed = 0;

async function picture(name) {
  await page.mouse.move(640, 795); // no hover of a thing that is not meant
  await page.screenshot({ path: path.join(pictures, `${name}.png`) });
}

/** One step; later steps stand on it, so the first that fails is the last that is tried. */
async function step(name, body) {
  if (failed) return;
  number += 1;
  const file = `${String(number).padStart(2, '0')}-${name.replace(/[^a-z0-9]+/gi, '-').toLowerCase()}`;
  try {
    await body(file);
    await picture(file);
    console.log(`ok ${number} - ${name}`);
  } catch (error) {
    failed += 1;
    console.log(`not ok ${number} - ${name}`);
    for (const line of String(error.stack ?? error).split('\n').slice(0, 12)) console.log(`# ${line}`);
    const said = await chat?.text().catch(() => '');
    if (said) console.log(said.split('\n').slice(-25).join('\n').replace(/^/gm, '# chat: '));
    await picture(`${file}-failed`).catch(() => {});
    console.log(`# the screen is in ${pictures}/${file}-failed.png`);
  }
}

function servers() {
  return execFileSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes(process.env.DROID_LSP) || /-m droid( serve)?$/.test(line))
    .map((line) => Number(line.trim().split(' ')[0]))
    .filter((pid) => {
      try {
        return fs.readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(`HOME=${home}`);
      } catch {
        return false;
      }
    });
}

try {
  page = await rig.open(folder);
  bench = new Workbench(page);

  await step('a folder that is not trusted opens in Restricted Mode and the chat says so', async () => {
    await page.locator('.part.banner', { hasText: 'Restricted Mode' }).waitFor();
    chat = await new Chat(bench).open();
    await bench.widen(470);
    await chat.says('not trusted');
  });

  await step('trusting the folder is one press and the server goes on', async () => {
    await chat.button('Manage trust').click();
    await page.locator('.workspace-trust-editor .monaco-button', { hasText: /^Trust/ }).first().click();
    await page.locator('.part.banner', { hasText: 'Restricted Mode' }).waitFor({ state: 'hidden' });
    await bench.run('View: Close All Editors');
    chat = await new Chat(bench).find();
    await until('the chat no longer says so', async () => !(await chat.text()).includes('not trusted'));
  });

  await step('a question is answered while it streams', async () => {
    await bench.openFile('orders.py');
    await play({
      thinking: 'The tests name ten pieces; the code compares with more than ten.',
      text: [
        'An order is priced in **three** steps:\n\n',
        '1. `total_cents` adds up the lines, each priced by `price_cents`.\n',
        '2. `shipping_cents` is nothing above a limit.\n',
        '3. `invoice_cents` is the sum of both.\n\n',
        '```python\ninvoice_cents([(200, 10)])  # 2290\n```\n\n',
        'The limit itself is left out: an order of exactly 5,000 cents pays for shipping, which the name does not promise.',
      ].join(''),
      chunk_chars: 12,
      chunk_delay_s: 0.05,
    });
    await chat.send('How is an order priced?');
    await chat.says('total_cents');
    if ((await chat.text()).includes('does not promise')) throw new Error('it came all at once');
    await picture('03-streaming');
    await chat.says('does not promise');
  });

  await step('a command is shown exactly and runs once it is approved', async () => {
    await play(
      { text: 'I run the tests first.', calls: [call('Execute', { command: 'python3 -m unittest 2>&1 | tail -5' })] },
      { text: 'One test fails: ten pieces get no discount.' },
    );
    await chat.send('Which test fails?');
    await chat.button('Approve once').waitFor();
    await chat.says('python3 -m unittest 2>&1 | tail -5');
    await picture('04-command-asked');
    await chat.press('Approve once');
    await chat.says('ten pieces get no discount');
  });

  await step('of an edit one hunk is accepted and one rejected in the native diff', async () => {
    await play(
      { calls: [read] },
      { text: 'Two things can be better: the loop, and the limit.', calls: [patch(...SUM, ...FROM)] },
      { text: 'Done, as far as you wanted it.' },
    );
    await chat.send('Tidy up orders.py, and mend the limit.');
    await chat.button('Review changes').waitFor();
    await chat.button('Review changes').click();
    const accept = page.locator('.codelens-decoration a', { hasText: 'Accept hunk' });
    const reject = page.locator('.codelens-decoration a', { hasText: 'Reject hunk' });
    await until('the diff shows both hunks', async () => (await accept.count()) === 2);
    await picture('05-diff');
    await reject.first().click();
    await until('one hunk is decided', async () => (await page.locator('.codelens-decoration', { hasText: 'Rejected' }).count()) > 0);
    await accept.last().click();
    await chat.says('as far as you wanted it', 60);
    await bench.openFile('orders.py');
    await bench.shows('if total >= FREE_SHIPPING_FROM_CENTS');
    await bench.shows('total = total + price_cents');
    await bench.clickLine('SHIPPING_CENTS = 490');
    await bench.save(); // the edit went to the open buffer, where it is as unsaved as what a person types
    await until('the file is as decided', () => onDisk().includes('>= FREE_SHIPPING') && onDisk().includes('total = total +'));
  });

  await step('undo takes the turn back', async () => {
    await bench.run('Droid: Undo Last Turn');
    await bench.shows('if total > FREE_SHIPPING_FROM_CENTS');
    await bench.clickLine('SHIPPING_CENTS = 490');
    await bench.save();
    await until('the file is as it was', () => onDisk() === asReleased);
  });

  await step('after a reload of the window the session is there', async () => {
    await page.reload({ waitUntil: 'domcontentloaded' });
    await page.waitForSelector('.monaco-workbench');
    chat = await new Chat(bench).open();
    await chat.says('as far as you wanted it');
    await chat.says('How is an order priced?');
  });

  await step('what is blocked says why', async () => {
    await play(
      { calls: [call('Execute', { command: 'curl -sSO https://example.org/linter.sh' })] },
      { text: 'That is not allowed here, so I leave it.' },
    );
    await chat.send('Install the linter from the web.');
    await chat.says('so I leave it');
    await chat.says('`curl` is blocked');
    await chat.says('user settings');
  });

  await step('a server that is killed is started again and the session goes on', async () => {
    const before = servers();
    if (!before.length) throw new Error('no server runs');
    await bench.keepStatus();
    for (const pid of before) process.kill(pid, 'SIGKILL');
    await until('another server runs', () => servers().some((pid) => !before.includes(pid)));
    await until('the status bar has said so', async () => (await bench.keptStatus()).some((text) => /Droid stopped/.test(text)));
    await play({ text: 'Still here, and I remember the order.' });
    await chat.says('How is an order priced?', 60);
    await chat.input.waitFor();
    await until('the server takes prompts again', async () => {
      await chat.send('Are you still there?');
      return until('an answer', async () => (await chat.text()).includes('Still here'), 15).catch(() => false);
    });
  });

  await step('what the person types while the agent edits the file is not lost', async () => {
    await bench.openFile('orders.py');
    await play(
      { calls: [read] },
      { text: 'One moment.', calls: [patch(...FROM)] },
      { when: 'changed since it was read', text: 'You changed the file meanwhile, so nothing of yours was touched.' },
    );
    await chat.send('Mend the limit.');
    await chat.button('Approve once').waitFor();
    await bench.clickLine('SHIPPING_CENTS = 490');
    await page.keyboard.press('End');
    await page.keyboard.type('  # mine, not saved');
    await bench.shows('# mine, not saved');
    await chat.press('Approve once');
    await chat.says('nothing of yours was touched', 60);
    await bench.shows('# mine, not saved');
  });

  await step('a server that is missing is a message with a way out', async () => {
    writeSettings(home, { ...QUIET, ...settings, 'droid.server.path': '/nowhere/droid-lsp' });
    await page.reload({ waitUntil: 'domcontentloaded' });
    await page.waitForSelector('.monaco-workbench');
    await bench.notification('/nowhere/droid-lsp').waitFor();
    await bench.notification('/nowhere/droid-lsp').locator('.monaco-button').first().waitFor();
    await chat.find();
    await chat.says('The Droid server was not found');
  });
} finally {
  await rig.stop();
}
process.exit(failed ? 1 : 0);
