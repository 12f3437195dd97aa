// The chat's page by itself, in Chromium, with the policy that VS Code gives it: what the extension would say
// is put in by `say`, and what the page says to the extension is in `said`.
import { build } from 'esbuild';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { THEMES } from './themes.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const ORIGIN = 'http://chat.test';
const NONCE = 'harness';

const STUB = `
  const said = (window.said = []);
  const kept = sessionStorage.getItem('state');
  let state = kept === null ? undefined : JSON.parse(kept);
  window.acquireVsCodeApi = () => ({
    postMessage(message) {
      said.push(message);
      window.answer?.(message);
    },
    getState: () => state,
    setState(value) {
      state = value;
      sessionStorage.setItem('state', JSON.stringify(value));
    },
  });
  window.say = (message) => window.postMessage(message, '*');
`;

function html(theme) {
  const variables = Object.entries(THEMES[theme]).map(([name, value]) => `--vscode-${name}: ${value};`);
  const policy = [
    `default-src 'none'`,
    `script-src 'nonce-${NONCE}'`,
    `style-src ${ORIGIN}`,
    `img-src data:`,
    `base-uri 'none'`,
    `form-action 'none'`,
  ].join('; ');
  return {
    page: `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Droid</title>
<meta http-equiv="Content-Security-Policy" content="${policy}">
<link rel="stylesheet" href="${ORIGIN}/theme.css"><link rel="stylesheet" href="${ORIGIN}/webview.css"></head>
<body class="vscode-body"><div id="app"></div><script nonce="${NONCE}">${STUB}</script>
<script nonce="${NONCE}" src="${ORIGIN}/webview.js"></script></body></html>`,
    theme: `html { ${variables.join(' ')} }`,
  };
}

export async function startHarness() {
  const folder = mkdtempSync(join(tmpdir(), 'droid-chat-'));
  await build({
    bundle: true,
    minify: true,
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
    tsconfig: join(root, 'src/webview/tsconfig.json'),
    entryPoints: [{ in: join(root, 'src/webview/main.ts'), out: 'webview' }],
    outdir: folder,
    logLevel: 'warning',
  });
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
  return {
    browser,
    async open({ theme = 'dark', width = 420, height = 800, ...options } = {}) {
      const context = await browser.newContext({ viewport: { width, height }, bypassCSP: false, ...options });
      const page = await context.newPage();
      const faults = [];
      page.on('pageerror', (error) => faults.push(String(error)));
      page.on('console', (message) => {
        if (message.type() === 'error') faults.push(message.text());
      });
      const { page: body, theme: css } = html(theme);
      await page.route(`${ORIGIN}/**`, (route) => {
        const name = new URL(route.request().url()).pathname;
        if (name === '/') return route.fulfill({ contentType: 'text/html', body });
        if (name === '/theme.css') return route.fulfill({ contentType: 'text/css', body: css });
        const ending = name.endsWith('.css') ? 'text/css' : 'text/javascript';
        if (name === '/webview.js' || name === '/webview.css') return route.fulfill({ contentType: ending, body: readFileSync(join(folder, name)) });
        return route.fulfill({ status: 404 });
      });
      await page.goto(`${ORIGIN}/`);
      const chat = {
        page,
        faults,
        /** Messages of the extension, in order; resolves once they are drawn. */
        async say(...messages) {
          await page.evaluate(async (all) => {
            for (const message of all) window.say(message);
            await new Promise((resolve) => setTimeout(resolve));
            await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
          }, messages);
        },
        said: (type) => page.evaluate((wanted) => window.said.filter((one) => wanted === undefined || one.type === wanted), type),
        close: () => context.close(),
      };
      return chat;
    },
    async stop() {
      await browser.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
