// Pictures of the chat in every theme and at several widths, to be looked at: `node test/webview/shots.mjs FOLDER`.
import { mkdirSync } from 'node:fs';
import { approval, ASKING, DIFF, ended, FULL, init, meta, session, turn, user } from './fixtures.mjs';
import { startHarness } from './harness.mjs';

const folder = process.argv[2] ?? 'dist/shots';
mkdirSync(folder, { recursive: true });

const SCENES = {
  full: async (chat) => chat.say(init(), session(FULL)),
  top: async (chat) => {
    await chat.say(init(), session(FULL));
    await chat.page.locator('.transcript').evaluate((box) => box.scrollTo(0, 0));
  },
  asking: async (chat) =>
    chat.say(
      init({ live: [meta({ busy: true, turnId: 't2', message: 'Waits for approval' }), meta({ sessionId: 's2', title: 'Add retries to the uploader', busy: true })] }),
      session([...FULL, ...ASKING]),
      { type: 'approval', params: approval() },
    ),
  edit: async (chat) =>
    chat.say(init({ live: [meta({ busy: true, turnId: 't2' })] }), session([...FULL, ...ASKING]), {
      type: 'approval',
      params: approval({ tool: 'Edit', subject: 'src/dates.py', risk: 'medium', diff: DIFF }),
    }),
  empty: async (chat) => chat.say(init({ live: [], active: null })),
  failed: async (chat) =>
    chat.say(
      init({ server: { state: 'missing' } }),
      session(turn('t3', user('Hello'), ended({ reason: 'provider', message: 'api.anthropic.com answered 529: overloaded', costUsd: null, durationS: 3 }))),
    ),
};

const harness = await startHarness();
for (const theme of ['dark', 'light', 'hc-dark', 'hc-light']) {
  for (const width of theme === 'dark' ? [300, 420, 900] : [420]) {
    for (const [name, play] of Object.entries(SCENES)) {
      const chat = await harness.open({ theme, width, height: 860 });
      await play(chat);
      await chat.page.screenshot({ path: `${folder}/${name}-${theme}-${width}.png` });
      if (chat.faults.length > 0) console.error(name, theme, chat.faults);
      await chat.close();
    }
  }
}
await harness.stop();
