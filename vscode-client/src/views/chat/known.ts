/**
 * What the webview names counts only where the session holds it already: it shows what a model wrote, and
 * is trusted no further than that.
 */
import type { LiveSession } from '../../sessions/store.js';

export function knowsTurn(session: LiveSession, turnId: string): boolean {
  return session.updates.some((one) => one.turnId === turnId);
}

/** Whether a call is about this file: by what it was given, where it says it is, or what it changed. */
export function knowsPath(session: LiveSession, callId: string, path: string): boolean {
  return session.updates.some(({ update }) => {
    if (update.sessionUpdate === 'tool_call' && update.toolCallId === callId) {
      return Object.values(update.rawInput).includes(path);
    }
    if (update.sessionUpdate !== 'tool_call_update' || update.toolCallId !== callId) return false;
    return (
      (update.locations ?? []).some((location) => location.path === path) ||
      (update.content ?? []).some((block) => block.type === 'diff' && block.path === path)
    );
  });
}

/** Indentation and quote marks are taken off a code block when it is shown. */
function bare(text: string): string {
  return text
    .split(/\r\n?|\n/)
    .map((line) => line.replace(/^[\s>]+/, '').trimEnd())
    .join('\n')
    .trim();
}

function said(session: LiveSession): readonly string[] {
  return session.updates.flatMap(({ update }) =>
    update.sessionUpdate === 'agent_message_chunk' || update.sessionUpdate === 'agent_thought_chunk'
      ? [update.content.text]
      : [],
  );
}

/** Whether this is code that the agent showed. */
export function knowsCode(session: LiveSession, code: string): boolean {
  const wanted = bare(code);
  return wanted !== '' && said(session).some((text) => bare(text).includes(wanted));
}

/** Whether the agent wrote this link. */
export function knowsLink(session: LiveSession, href: string): boolean {
  // Addresses without a scheme get one when they are read.
  const written = [href, href.replace(/^(http:\/\/|mailto:)/, '')];
  return said(session).some((text) => written.some((one) => one !== '' && text.includes(one)));
}
