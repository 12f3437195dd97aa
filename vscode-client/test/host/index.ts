/** What the extension host starts: loads every `*.test.js` beside it, then runs what they declare. */
import { readdirSync } from 'node:fs';
import * as path from 'node:path';
import { runAll } from './harness.js';

export async function run(): Promise<void> {
  for (const name of readdirSync(__dirname).filter((one) => one.endsWith('.test.js')).sort()) {
    require(path.join(__dirname, name));
  }
  await runAll();
}
