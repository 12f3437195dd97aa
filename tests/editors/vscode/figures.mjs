// What the extension costs in a real VS Code, as one line of JSON.
// Usage: figures.mjs VSIX FOLDER HOME. A scripted model is at DROID_TEST_MODEL.
import { start, until } from './rig.mjs';
import { Chat } from './chat.mjs';
import { Workbench } from './workbench.mjs';

const [vsix, folder, home] = process.argv.slice(2);
const ANSWER_CHARS = 80_000; // about 20,000 tokens
const rounds = Number(process.env.ROUNDS ?? 5);

const play = (steps) => fetch(`${process.env.DROID_TEST_MODEL}/script`, { method: 'PUT', body: JSON.stringify(steps) });

/** VS Code's own figure, loading and activation, from its list of running extensions. */
async function activation(bench) {
  await bench.run('Developer: Show Running Extensions');
  const row = bench.page.locator('.runtime-extensions-editor .monaco-list-row', { hasText: 'Droid' });
  const told = await until('the list of running extensions tells of Droid', async () => {
    const text = await row.first().innerText().catch(() => '');
    return /Activation: (\d+)ms/.exec(text);
  });
  return Number(told[1]);
}

/** From the key that runs the command to the chat's first paint, both on the wall clock. */
async function firstPaint(bench) {
  const { page } = bench;
  await page.keyboard.press('F1');
  const input = page.locator('.quick-input-widget input.input');
  await input.waitFor();
  await input.fill('>Droid: Open Chat');
  await page.locator('.quick-input-list .monaco-list-row', { hasText: 'Open Chat' }).first().waitFor();
  await page.evaluate(() => {
    document.addEventListener('keydown', () => (window.pressedAt = performance.timeOrigin + performance.now()), {
      capture: true,
      once: true,
    });
  });
  await page.keyboard.press('Enter');
  const chat = await new Chat(bench).find();
  const painted = await until('the chat is painted', () =>
    chat.frame.evaluate(() => {
      const [paint] = performance.getEntriesByName('first-contentful-paint');
      return paint && performance.timeOrigin + paint.startTime;
    }),
  );
  return { chat, ms: painted - (await page.evaluate(() => window.pressedAt)) };
}

/** The longest time between two frames while a long answer streams in. */
async function longestFrame(chat) {
  await play([{ text_bytes: ANSWER_CHARS, chunk_chars: 160, chunk_delay_s: 0.01 }]);
  await chat.frame.evaluate(() => {
    const frames = (window.frames_ms = []);
    let last = performance.now();
    const next = (now) => {
      frames.push(now - last);
      last = now;
      requestAnimationFrame(next);
    };
    requestAnimationFrame(next);
  });
  const before = await chat.frame.evaluate(() => window.frames_ms.length);
  await chat.send('Tell me all of it.');
  const idle = async () => (await chat.input.getAttribute('placeholder'))?.startsWith('Ask');
  await until('the turn runs', async () => !(await idle()));
  await until('the turn ends', idle, 120);
  const frames = await chat.frame.evaluate((from) => window.frames_ms.slice(from), before);
  frames.sort((one, other) => one - other);
  return { longest: frames.at(-1), p99: frames[Math.floor(frames.length * 0.99)], frames: frames.length };
}

const rig = await start({ home, vsix, env: process.env, settings: { 'droid.server.path': process.env.DROID_LSP } });
const figures = { activationMs: [], firstPaintMs: [], longestFrameMs: [], p99FrameMs: [] };
try {
  for (let round = 0; round <= rounds; round++) {
    const page = await rig.open(folder, {});
    const bench = new Workbench(page);
    await bench.status('Droid').waitFor();
    const { chat, ms } = await firstPaint(bench);
    if (round > 0) figures.firstPaintMs.push(ms); // the first window of all fills the caches
    if (round === rounds) {
      const { longest, p99 } = await longestFrame(chat);
      figures.longestFrameMs.push(longest);
      figures.p99FrameMs.push(p99);
    }
    const activated = await activation(bench);
    if (round > 0) figures.activationMs.push(activated);
    await page.context().close();
  }
} finally {
  await rig.stop();
}
console.log(JSON.stringify(figures));
process.exit(0);
