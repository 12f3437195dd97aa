// Runs a bundle of tests inside the extension host of a real VS Code, and prints what they print.
// Usage: host_tests.mjs EXTENSION TESTS FOLDER HOME [SETTINGS as JSON]. Exits as the tests do.
import { start } from './rig.mjs';

const [extension, tests, folder, home, settings = '{}'] = process.argv.slice(2);
const LIMIT_S = 240;

// The workbench logs to the same place; only what the tests say is shown, unless all is asked for.
const tell = (line) => {
  if (process.env.DEBUG || /^(ok|not ok|#|Error)/.test(line)) console.log(line);
};

const rig = await start({ home, settings: JSON.parse(settings), env: process.env });
let code = 99;
try {
  const page = await rig.open(folder, { development: [extension], tests, onLog: tell });
  if (process.env.DEBUG) page.on('console', (message) => console.log(`# console: ${message.text()}`));
  let late;
  const limit = new Promise((resolve) => (late = setTimeout(resolve, LIMIT_S * 1000, 98)));
  code = await Promise.race([page.testsEnded, limit]);
  clearTimeout(late);
  if (code === 98) {
    await page.screenshot({ path: `${home}/stuck.png` });
    console.log(`# the tests did not end within ${LIMIT_S} s; see ${home}/stuck.png`);
  }
} finally {
  await rig.stop();
}
process.exit(code);
