/** What a notification says of a question, and what can be answered right there. */
import type { Asked } from '../sessions/questions.js';
import { shortened } from '../format.js';

export interface Notice {
  readonly title: string;
  readonly links: readonly { readonly label: string; readonly command: string }[];
}

/** What a person can read at a glance; what is longer is read in the chat, and answered there. */
const MAX_SUBJECT = 160;

const SHOW = { label: 'Show in the chat', command: 'droid.question.show' };

export function noticeOf(asked: Asked, sessionTitle: string): Notice {
  const where = sessionTitle === '' ? '' : ` (${plain(shortened(sessionTitle, 40))})`;
  if (asked.kind === 'question') {
    return { title: `Droid asks${where}: ${plain(shortened(asked.params.text, MAX_SUBJECT))}`, links: [SHOW] };
  }
  const { subject, risk, tool, cwd, options, changeset } = asked.params;
  const what = tool === 'Execute' ? 'run' : `use ${plain(tool)} on`;
  // A model wrote the subject. Where a notification would not show it as it stands, it can only be answered
  // where it is shown: it is long, has several lines, or would become a link.
  if (!showsExactly(subject) || (changeset?.files.length ?? 1) > 1) {
    const kind = tool === 'Execute' ? 'a command' : 'changes';
    return { title: `Droid wants your approval${where}: ${kind} with ${risk} risk`, links: [SHOW] };
  }
  return {
    title: `Droid wants to ${what}: ${subject} — ${risk} risk, in ${plain(cwd)}${where}`,
    links: [
      SHOW,
      ...(options.includes('once') ? [{ label: 'Approve once', command: 'droid.approval.approveOnce' }] : []),
      ...(options.includes('reject') ? [{ label: 'Reject', command: 'droid.approval.reject' }] : []),
    ],
  };
}

function showsExactly(subject: string): boolean {
  return subject.length <= MAX_SUBJECT && !/[\p{C}\p{Zl}\p{Zp}[\]\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\ufe00-\ufe0f]/u.test(subject) && !/\s{2}|^\s|\s$/.test(subject);
}

/** Without what a notification makes links of. */
function plain(text: string): string {
  return text.replace(/[[\]\p{C}]/gu, '');
}
