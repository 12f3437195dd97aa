/** Quick picks of the model and of the autonomy level; the status bar opens both at once. */
import * as vscode from 'vscode';
import type { ModelList } from '../protocol.js';
import type { Ctx } from '../ctx.js';
import type { Autonomy } from '../sessions/store.js';
import { registerCommands, sessionIdOf } from './run.js';

type Row = vscode.QuickPickItem & { run?: () => Promise<unknown> };

/** What runs without asking. */
const LEVELS: readonly { level: Autonomy; detail: string }[] = [
  { level: 'off', detail: 'Only tools that read, and commands on your allowlist, run without asking.' },
  { level: 'low', detail: 'Also edits in the workspace, and commands that only look.' },
  { level: 'medium', detail: 'Also what can be undone in the workspace: installs, builds, tests, local commits.' },
  { level: 'high', detail: 'Also high-risk commands, unless another rule stops them.' },
];

export function registerChoiceCommands(ctx: Ctx): vscode.Disposable {
  const { sessions, server } = ctx;

  const autonomyRows = (sessionId: string): Row[] => {
    const now = sessions.get(sessionId)?.autonomy;
    const allowed = vscode.workspace.isTrusted ? LEVELS : LEVELS.slice(0, 1);
    const rows: Row[] = allowed.map(({ level, detail }) => ({
      label: `$(${level === now ? 'check' : 'blank'}) ${level}`,
      description: level === now ? 'autonomy now' : 'autonomy',
      detail,
      run: () => sessions.setAutonomy(sessionId, level),
    }));
    if (!vscode.workspace.isTrusted) {
      rows.push({
        label: '$(shield) Manage trust…',
        detail: 'In Restricted Mode autonomy is off.',
        run: async () => vscode.commands.executeCommand('workbench.trust.manage'),
      });
    }
    return rows;
  };

  const modelRows = (sessionId: string, list: ModelList): Row[] => [
    ...list.models.map((model) => ({
      label: `$(${model.id === list.current ? 'check' : 'blank'}) ${model.name}`,
      description: model.name === model.id ? model.provider : `${model.id} · ${model.provider}`,
      ...(model.contextWindow !== null ? { detail: `window of ${Math.round(model.contextWindow / 1000)}k tokens${model.images ? ', images' : ''}` } : {}),
      run: () => sessions.setModel(sessionId, model.id),
    })),
    ...list.refused.map((model) => ({ label: `$(circle-slash) ${model.id}`, description: 'may not be used', detail: model.why })),
  ];

  const show = async (title: string, rows: readonly Row[]): Promise<void> => {
    const picked = await vscode.window.showQuickPick([...rows], { title, matchOnDescription: true });
    await picked?.run?.();
  };

  const meant = async (argument: unknown): Promise<string> => sessionIdOf(argument) ?? (await sessions.ensure()).sessionId;

  const separator = (label: string): Row => ({ label, kind: vscode.QuickPickItemKind.Separator });
  const command = (label: string, name: string): Row => ({ label, run: async () => vscode.commands.executeCommand(name) });

  return registerCommands({
    'droid.pickModel': async (argument) => {
      const sessionId = await meant(argument);
      await show('Model of this session', modelRows(sessionId, await server.request('droid/model/list', { sessionId })));
    },
    'droid.pickAutonomy': async (argument) => {
      const sessionId = await meant(argument);
      await show('Autonomy of this session', autonomyRows(sessionId));
    },
    'droid.menu': async () => {
      if (server.state !== 'running') {
        await vscode.commands.executeCommand('droid.server.explain');
        return;
      }
      const active = sessions.active;
      const choices =
        active === undefined
          ? []
          : [
              separator('Autonomy'),
              ...autonomyRows(active.sessionId),
              separator('Model'),
              ...modelRows(active.sessionId, await server.request('droid/model/list', { sessionId: active.sessionId })),
            ];
      await show('Droid', [
        command('$(comment-discussion) Open the chat', 'droid.openChat'),
        command('$(add) New session', 'droid.sessions.new'),
        ...(active === undefined
          ? []
          : [command('$(discard) Undo last turn', 'droid.undoLastTurn'), command('$(history) Checkpoints…', 'droid.checkpoints.show')]),
        ...choices,
        separator('Server'),
        command('$(output) Show the log', 'droid.showLog'),
        command('$(pulse) Check the installation', 'droid.showDoctor'),
        command('$(debug-restart) Restart the server', 'droid.restart'),
      ]);
    },
  });
}
