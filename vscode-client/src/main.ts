/** Activation: makes the parts and joins them. What is not needed at once is loaded when it is. */
import * as vscode from 'vscode';
import type { Core, Ctx } from './ctx.js';
import { registerCheckpointCommands } from './commands/checkpoints.js';
import { registerChoiceCommands } from './commands/choices.js';
import { registerSelectionCommands } from './commands/selection.js';
import { registerServerCommands } from './commands/server.js';
import { registerSessionCommands } from './commands/sessions.js';
import { ChangesetStore } from './review/changesets.js';
import { registerReviewCommands } from './review/commands.js';
import { HunkLenses } from './review/lenses.js';
import { Sides } from './review/sides.js';
import { answerSaves } from './server/saving.js';
import { Supervisor } from './server/supervisor.js';
import { watchServer } from './server/watch.js';
import { QuestionStore } from './sessions/asked.js';
import { SessionStore } from './sessions/sessions.js';
import { ChangesView } from './views/changes.js';
import { createChat } from './views/chat/provider.js';
import { Notices } from './views/notices.js';
import { Schemas } from './views/schemas.js';
import { SessionsView } from './views/sessions.js';
import { StatusBar } from './views/status.js';

let supervisor: Supervisor | undefined;

/** What other extensions and tests are given. */
export interface Api {
  readonly ctx: Ctx;
  readonly statusBar: StatusBar;
}

export function activate(extension: vscode.ExtensionContext): Api {
  const log = vscode.window.createOutputChannel('Droid', { log: true });
  const server = new Supervisor(extension, log);
  supervisor = server;
  const sessions = new SessionStore(server, extension.workspaceState, log);
  const questions = new QuestionStore(server, sessions.onDidUpdate);
  const reviews = new ChangesetStore(server, sessions, log);
  const core: Core = { extension, log, server, sessions, questions, reviews };
  const chat = createChat(core);
  const ctx: Ctx = { ...core, chat };

  server.focus = {
    get sessionId() {
      return sessions.active?.sessionId;
    },
    began: ({ sessionId }) => void chat.reveal(sessionId),
  };

  const statusBar = new StatusBar(ctx);
  extension.subscriptions.push(
    log,
    server,
    sessions,
    questions,
    reviews,
    statusBar,
    new Sides(reviews),
    new HunkLenses(reviews),
    new ChangesView(core),
    new SessionsView(core),
    new Schemas(core),
    new Notices(ctx),
    answerSaves(server),
    registerReviewCommands(core),
    registerSelectionCommands(ctx),
    registerSessionCommands(ctx),
    registerCheckpointCommands(ctx),
    registerChoiceCommands(ctx),
    registerServerCommands(ctx, server),
    watchServer(ctx, server),
  );
  void server.start();
  return { ctx, statusBar };
}

export async function deactivate(): Promise<void> {
  await supervisor?.stop();
}
