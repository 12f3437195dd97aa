/** The answers to an approval, in an order that never changes, and what each of them says. */
import type { RequestApprovalParams } from '../../protocol.js';
import type { Answer } from '../../views/chat/messages.js';
import { exact, oneLine } from '../text/exact.js';

export interface Choice {
  readonly answer: Answer;
  readonly label: string;
  /** What it allows beyond this call, whole; undefined where it allows nothing more. */
  readonly grant: string | undefined;
}

const MAX_LABEL = 40;

/** Those that are offered and that this client knows. */
export function choicesOf(params: RequestApprovalParams): readonly Choice[] {
  const { sessionGrant, sessionProgram, always } = params;
  const all: readonly (Choice | undefined)[] = [
    { answer: 'once', label: 'Approve once', grant: undefined },
    { answer: 'session', label: 'Approve for this session', grant: sessionGrant === null ? undefined : exact(sessionGrant) },
    sessionProgram === null
      ? undefined
      : {
          answer: 'session_program',
          label: `${oneLine(sessionProgram, MAX_LABEL)} for this session`,
          grant: `${exact(sessionProgram)}, with nothing riskier than here`,
        },
    always === null
      ? undefined
      : {
          answer: 'always',
          label: `Always allow ${oneLine(always, MAX_LABEL)}`,
          grant: `${exact(always)}, added to your own allowlist`,
        },
    { answer: 'reject', label: 'Reject', grant: undefined },
    { answer: 'instruct', label: 'Reject and instruct', grant: undefined },
  ];
  return all.filter((one) => one !== undefined && params.options.includes(one.answer)) as readonly Choice[];
}

/** What an answer was, once it is given. */
export function answered(answer: string | null): string {
  const words: Readonly<Record<string, string>> = {
    once: 'Approved once',
    session: 'Approved for this session',
    session_program: 'Approved for this session, for this program',
    always: 'Always allowed from now on',
    reject: 'Rejected',
    instruct: 'Rejected, with an instruction',
  };
  return answer === null ? 'Withdrawn before it was answered' : (words[answer] ?? answer);
}

export function allows(answer: string | null): boolean {
  return answer !== null && ['once', 'session', 'session_program', 'always'].includes(answer);
}
