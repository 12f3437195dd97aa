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

export function middleware(focus: () => Focus): Middleware {
  return {
    async executeCommand(command, args, next) {
      const { sessionId, began } = focus();
      const given = withSession(command, args as unknown[], sessionId);
      const result: unknown = await next(command, given);
      if (BEGINS.has(command) && isTurn(result)) began(result);
      return result;
    },
  };
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
