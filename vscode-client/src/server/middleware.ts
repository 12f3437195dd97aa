/** What happens to messages of the language client on their way. */
import type { Middleware } from 'vscode-languageclient/node';

export interface Focus {
  /** The session that the chat shows. */
  readonly sessionId: string | undefined;
  /** A turn was begun from the editor: a code action, a lens, a comment. */
  began(result: { sessionId: string; turnId: string | null }): void;
}

/** Commands of the server that begin a turn about code, and take the session that is meant. */
const ABOUT_CODE = new Set([
  'droid.ask',
  'droid.explain',
  'droid.fix',
  'droid.refactor',
  'droid.document',
  'droid.test',
  'droid.review',
]);
const BEGINS = new Set([...ABOUT_CODE, 'droid.comment.run']);

/**
 * Verbs that need something from the person, or whose answer is to be shown: here they open what the editor
 * has for it. A verb that comes with the named argument has all that it needs.
 */
const HERE: Readonly<Record<string, { readonly command: string; readonly unless?: string }>> = {
  'droid.ask': { command: 'droid.selection.ask', unless: 'prompt' },
  'droid.review.open': { command: 'droid.changes.open' },
  'droid.undo': { command: 'droid.undoLastTurn' },
  'droid.checkpoint.list': { command: 'droid.checkpoints.show' },
  'droid.checkpoint.restore': { command: 'droid.checkpoints.show', unless: 'turnId' },
  'droid.session.new': { command: 'droid.sessions.new' },
  'droid.session.list': { command: 'droid.sessions.focus' },
  'droid.session.resume': { command: 'droid.sessions.resume' },
  'droid.session.fork': { command: 'droid.sessions.fork' },
  'droid.session.rename': { command: 'droid.sessions.rename', unless: 'title' },
  'droid.session.export': { command: 'droid.sessions.export' },
  'droid.session.delete': { command: 'droid.sessions.delete' },
  'droid.model.set': { command: 'droid.pickModel', unless: 'model' },
  'droid.model.list': { command: 'droid.pickModel' },
  'droid.autonomy.set': { command: 'droid.pickAutonomy', unless: 'autonomy' },
  'droid.status': { command: 'droid.menu' },
  'droid.usage': { command: 'droid.showUsage' },
  'droid.doctor': { command: 'droid.showDoctor' },
};

export function middleware(focus: () => Focus, run: (command: string, argument: unknown) => Thenable<unknown>): Middleware {
  return {
    async executeCommand(command, args, next) {
      const here = hereInstead(command, args as unknown[]);
      if (here !== undefined) return run(here, args[0]);
      const { sessionId, began } = focus();
      const given = withSession(command, args as unknown[], sessionId);
      const result: unknown = await next(command, given);
      if (BEGINS.has(command) && isTurn(result)) began(result);
      return result;
    },
  };
}

/** The command of this editor that does what a verb wants; undefined where the server can do it as it stands. */
export function hereInstead(command: string, args: readonly unknown[]): string | undefined {
  const instead = HERE[command];
  if (instead === undefined) return undefined;
  const [first] = args;
  const given = typeof first === 'object' && first !== null && instead.unless !== undefined && instead.unless in first;
  return given ? undefined : instead.command;
}

/** Code actions and lenses name no session: the one that the chat shows is meant, not the last one begun. */
export function withSession(command: string, args: unknown[], sessionId: string | undefined): unknown[] {
  if (!ABOUT_CODE.has(command) || sessionId === undefined || args.length > 1) return args;
  const first = args[0] ?? {};
  if (typeof first !== 'object' || Array.isArray(first) || 'sessionId' in (first as object)) return args;
  return [{ ...(first as object), sessionId }];
}

function isTurn(result: unknown): result is { sessionId: string; turnId: string | null } {
  return typeof result === 'object' && result !== null && 'sessionId' in result && 'turnId' in result;
}
