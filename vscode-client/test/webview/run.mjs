// Bundles the unit tests of the chat and runs them, then the tests of its page in Chromium, one after the other.
// `--unit` leaves the browser out.
import { build } from 'esbuild';
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const out = here('../../dist/test/webview');

await build({
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  sourcemap: 'inline',
  entryPoints: readdirSync(here('unit')).map((name) => here(`unit/${name}`)),
  outdir: out,
  outExtension: { '.js': '.mjs' },
  logLevel: 'warning',
});
const files = readdirSync(out).filter((name) => name.endsWith('.test.mjs')).map((name) => `${out}/${name}`);
const browser = process.argv.includes('--unit') ? [] : [here('chat.test.mjs')];
const { status } = spawnSync(process.execPath, ['--test', '--test-concurrency=1', ...files, ...browser], { stdio: 'inherit' });
process.exitCode = status ?? 1;
