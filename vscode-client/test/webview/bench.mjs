// Measures the chat in Chromium: the first paint, and the frames while an answer of 20,000 tokens streams,
// with a long conversation before it. Prints the figures; keeps nothing. Times of a frame are wall time; `cpu` is
// what its tasks took of the processor, which says more on a machine that does other things, too.
import { answer, ended, FULL, init, meta, session, SESSION, turn, user } from './fixtures.mjs';
import { startHarness } from './harness.mjs';

const CHARACTERS = 80_000; // about 20,000 tokens
const PIECE = 200;
const EVERY_MS = 33;
const TURNS = 200;

const SECTIONS = [
  (at) => `## Step ${at}\n\nThe parser reads \`tokens\` **one by one**, and *never* looks back; see [the notes](https://example.com/${at}). It keeps what it read, so that a block that is complete is not read again, however long the text becomes.\n\n`,
  (at) => `1. First, take the list of files.\n2. Then ask for each:\n   - is it open,\n   - did it change since ${at}?\n3. Write what is left.\n\n`,
  () => `\`\`\`python\n${'def parse(text: str, zone: ZoneInfo) -> datetime:\n    return datetime.fromisoformat(text)\n\n'.repeat(12)}\`\`\`\n\n`,
  (at) => `| Name | Before | After |\n| --- | ---: | ---: |\n${Array.from({ length: 10 }, (_, row) => `| row ${row} | ${at * row} | **${row}** |`).join('\n')}\n\n`,
];

function mixed(length) {
  let text = '';
  for (let at = 0; text.length < length; at += 1) text += SECTIONS[at % SECTIONS.length](at);
  return text.slice(0, length);
}

const TEXTS = {
  mixed: mixed(CHARACTERS),
  'one code block': `\`\`\`js\n${'const value = compute(input, options); // and so on\n'.repeat(2000)}`.slice(0, CHARACTERS),
  'one list': Array.from({ length: 2000 }, (_, at) => `- item ${at} with \`code\` and **weight**`).join('\n').slice(0, CHARACTERS),
  'one paragraph': 'words that *never* end in a `stop` '.repeat(3000).slice(0, CHARACTERS),
};

const EARLIER = Array.from({ length: TURNS }, (_, at) =>
  turn(`b${at}`, ...FULL.map((one) => one.update).map((update) => ('toolCallId' in update ? { ...update, toolCallId: `${update.toolCallId}-${at}` } : update))),
).flat();

const harness = await startHarness();

async function stream(name, text) {
  const chat = await harness.open({ width: 420 });
  await chat.say(init({ live: [meta({ busy: true, turnId: 't9' })] }), session([...EARLIER, ...turn('t9', user('Tell me everything.'))]));
  await harness.browser.startTracing(chat.page, { categories: ['toplevel', 'disabled-by-default-devtools.timeline', '__metadata'] });
  const figures = await chat.page.evaluate(
    async ({ pieces, every, sessionId }) => {
      const tasks = [];
      new PerformanceObserver((list) => tasks.push(...list.getEntries().map((entry) => entry.duration))).observe({ type: 'longtask' });
      const work = [];
      const waits = [];
      let last = performance.now();
      let isOver = false;
      const channel = new MessageChannel();
      let began = 0;
      // From the start of a frame's callbacks to after its layout and paint were handed on.
      channel.port1.onmessage = () => work.push(performance.now() - began);
      const tick = (now) => {
        waits.push(now - last);
        last = now;
        began = performance.now();
        channel.port2.postMessage(0);
        if (!isOver) requestAnimationFrame(tick);
      };
      requestAnimationFrame(tick);
      for (const piece of pieces) {
        window.say({ type: 'updates', updates: [{ sessionId, turnId: 't9', update: { sessionUpdate: 'agent_message_chunk', content: { type: 'text', text: piece } } }] });
        await new Promise((resolve) => setTimeout(resolve, every));
      }
      isOver = true;
      await new Promise((resolve) => setTimeout(resolve, 100));
      const sorted = [...work].sort((a, b) => a - b);
      const at = (share) => sorted[Math.floor((sorted.length - 1) * share)].toFixed(1);
      return { frames: work.length, median: at(0.5), p99: at(0.99), longest: at(1), over50: work.filter((ms) => ms > 50).length, longTasks: tasks.length, nodes: document.querySelectorAll('*').length };
    },
    { pieces: text.match(new RegExp(`[^]{1,${PIECE}}`, 'g')), every: EVERY_MS, sessionId: SESSION },
  );
  const cpu = cpuOfTasks(JSON.parse(await harness.browser.stopTracing()));
  await chat.say({ type: 'updates', updates: turn('t9', ended()) });
  console.log(`stream, ${name}:`, JSON.stringify({ ...figures, cpu }), chat.faults.length > 0 ? chat.faults : '');
  await chat.close();
}

/** Processor time of the tasks of the page's main thread, in milliseconds. */
function cpuOfTasks({ traceEvents }) {
  const tasks = traceEvents.filter((event) => /RunTask$/.test(event.name) && event.tdur !== undefined);
  const threads = new Map();
  for (const { pid, tid, tdur } of tasks) threads.set(`${pid}:${tid}`, (threads.get(`${pid}:${tid}`) ?? []).concat(tdur / 1000));
  const main = new Set(traceEvents.filter((event) => event.name === 'thread_name' && event.args?.name === 'CrRendererMain').map((event) => `${event.pid}:${event.tid}`));
  const own = [...threads].filter(([id]) => main.has(id)).flatMap(([, all]) => all).sort((a, b) => a - b);
  return { tasks: own.length, longest: own.at(-1)?.toFixed(1), over50: own.filter((ms) => ms > 50).length, p99: own[Math.floor((own.length - 1) * 0.99)]?.toFixed(1) };
}

async function firstPaint(name, updates) {
  const chat = await harness.open({ width: 420 });
  const ms = await chat.page.evaluate(
    async (messages) => {
      const began = performance.now();
      for (const message of messages) window.say(message);
      while (!window.said.some((one) => one.type === 'painted')) await new Promise((resolve) => setTimeout(resolve, 1));
      return performance.now() - began;
    },
    [init(), session(updates)],
  );
  const [painted] = await chat.said('painted');
  console.log(`first paint, ${name}: ${ms.toFixed(0)} ms after the extension told (page ${painted.paintMs} ms, script began at ${painted.readyMs} ms)`);
  await chat.close();
}

await firstPaint('an empty session', []);
await firstPaint('one turn', FULL);
await firstPaint(`${TURNS} turns`, EARLIER);
const only = process.argv[2];
for (const [name, text] of Object.entries(TEXTS)) if (only === undefined || name.includes(only)) await stream(name, text);
await harness.stop();
