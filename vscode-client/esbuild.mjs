// Builds into dist/: `main.js` for the extension host, `webview.js` and `webview.css` for the chat view,
// and the JSON schemas that the server's settings are described by.
// `--unit` and `--host` build tests instead; `--watch` keeps building.
import { build, context } from 'esbuild';
import { cpSync, existsSync, readdirSync } from 'node:fs';

const flags = new Set(process.argv.slice(2));
const release = !flags.has('--watch');

const common = { bundle: true, logLevel: 'warning', target: 'node20' };
const host = { ...common, platform: 'node', format: 'cjs', external: ['vscode'] };

const tests = (folder) =>
  readdirSync(folder)
    .filter((name) => /\.ts$/.test(name))
    .map((name) => `${folder}/${name}`);

function builds() {
  if (flags.has('--unit')) {
    return [
      { ...host, entryPoints: tests('test/unit'), outdir: 'dist/test/unit', outExtension: { '.js': '.cjs' }, sourcemap: 'inline' },
    ];
  }
  if (flags.has('--host')) {
    return [{ ...host, entryPoints: tests('test/host'), outdir: 'dist/test/host', sourcemap: 'inline' }];
  }
  const all = [{ ...host, entryPoints: ['src/main.ts'], outfile: 'dist/main.js', minify: release, sourcemap: !release }];
  if (existsSync('src/webview/main.ts')) {
    all.push({
      ...common,
      platform: 'browser',
      format: 'iife',
      target: 'es2022',
      entryPoints: [{ in: 'src/webview/main.ts', out: 'webview' }],
      outdir: 'dist',
      minify: release,
      sourcemap: !release,
    });
  }
  cpSync('../server/droid/settings/schemas/generated', 'dist/schemas', {
    recursive: true,
    filter: (path) => !/__pycache__|\.py$/.test(path),
  });
  return all;
}

if (flags.has('--watch')) {
  for (const options of builds()) await (await context(options)).watch();
} else {
  await Promise.all(builds().map((options) => build(options)));
}
