/** Commands about the server, and what is said where it is missing or stopped. */
import * as vscode from 'vscode';
import { unlinked } from '../format.js';
import type { Ctx } from '../ctx.js';
import type { Supervisor } from '../server/supervisor.js';
import { registerCommands } from './run.js';

// From where the person has it: on a public index, any package could bear its name.
const INSTALL = 'python3 -m pip install /path/to/droid';
const WALKTHROUGH = 'droid.droid#droid.start';

export function registerServerCommands(ctx: Ctx, supervisor: Supervisor): vscode.Disposable {
  const choose = async (): Promise<void> => {
    const [file] = (await vscode.window.showOpenDialog({ title: 'Choose droid-lsp', openLabel: 'Use it', canSelectMany: false })) ?? [];
    if (file === undefined) return;
    await vscode.workspace.getConfiguration('droid').update('server.path', file.fsPath, vscode.ConfigurationTarget.Global);
    await supervisor.restart();
  };

  const install = (): void => {
    // The person fills in the path of a checkout or a wheel, and runs it where it belongs: in the environment that
    // is active there.
    const terminal = vscode.window.createTerminal({ name: 'Install Droid' });
    terminal.show();
    terminal.sendText(INSTALL, false);
  };

  const documentation = async (): Promise<void> => {
    await vscode.commands.executeCommand('workbench.action.openWalkthrough', WALKTHROUGH, false);
  };

  const explain = async (): Promise<void> => {
    if (supervisor.state === 'missing') {
      const { wrongSetting } = supervisor.missing ?? {};
      const text =
        wrongSetting !== undefined
          ? `Droid’s server was not found: the setting droid.server.path says “${wrongSetting}”, and there is no such program.`
          : vscode.workspace.isTrusted
            ? 'Droid’s server was not found: neither in .venv or venv of this folder nor on the PATH is there a droid-lsp.'
            : 'Droid’s server was not found on the PATH. In Restricted Mode nothing that lies in this folder is started.';
      const chosen = await vscode.window.showWarningMessage(unlinked(text), 'Install', 'Choose…', 'Try again', 'Open documentation');
      if (chosen === 'Install') install();
      if (chosen === 'Choose…') await choose();
      if (chosen === 'Try again') await supervisor.restart();
      if (chosen === 'Open documentation') await documentation();
      return;
    }
    if (supervisor.state === 'running') return;
    const waits = supervisor.state === 'restarting' || supervisor.state === 'starting';
    const text = waits
      ? 'Droid’s server is being started.'
      : `Droid’s server is not running. ${supervisor.trouble ?? ''}`.trim();
    const chosen = await vscode.window.showWarningMessage(unlinked(text), 'Restart', 'Show the log');
    if (chosen === 'Restart') await supervisor.restart();
    if (chosen === 'Show the log') ctx.log.show();
  };

  const asDocument = async (content: string): Promise<void> => {
    const document = await vscode.workspace.openTextDocument({ content, language: 'markdown' });
    await vscode.window.showTextDocument(document, { preview: true });
  };

  return registerCommands({
    'droid.restart': () => supervisor.restart(),
    'droid.showLog': async () => ctx.log.show(),
    'droid.server.choose': choose,
    'droid.server.install': async () => install(),
    'droid.server.explain': explain,
    'droid.openChat': async () => ctx.chat.reveal(ctx.sessions.active?.sessionId, { focus: true }),
    'droid.openSettings': async () => vscode.commands.executeCommand('workbench.action.openSettings', '@ext:droid.droid'),
    'droid.showDoctor': async () => asDocument((await ctx.server.request('droid/doctor', {})).text),
    'droid.showUsage': async () => {
      const sessionId = ctx.sessions.active?.sessionId;
      await asDocument((await ctx.server.request('droid/usage', sessionId === undefined ? {} : { sessionId })).text);
    },
    'droid.trustFolder': async () => ctx.server.execute('droid.trust', {}),
  });
}
