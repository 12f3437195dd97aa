/**
 * Questions that the server waits on: may this tool run, and what does the agent want to know.
 *
 * Each is a promise that whoever shows it answers: the chat view where the person sees it, a notification
 * elsewhere. Dismissal answers nothing; a question ends by an answer or by being withdrawn.
 */
import type { Event } from 'vscode';
import type {
  RequestAnswerParams,
  RequestAnswerResult,
  RequestApprovalParams,
  RequestApprovalResult,
} from '../protocol.js';

export interface OpenApproval {
  readonly kind: 'approval';
  /** The approval's id. */
  readonly id: string;
  readonly sessionId: string;
  readonly params: RequestApprovalParams;
  /** False where it is no longer open. */
  answer(result: RequestApprovalResult): boolean;
}

export interface OpenQuestion {
  readonly kind: 'question';
  /** The question's id. */
  readonly id: string;
  readonly sessionId: string;
  readonly params: RequestAnswerParams;
  /** False where it is no longer open; null declines. */
  answer(answer: RequestAnswerResult['answer']): boolean;
}

export type Asked = OpenApproval | OpenQuestion;

export interface Questions {
  /** The oldest first. */
  readonly open: readonly Asked[];
  readonly onDidOpen: Event<Asked>;
  /** It was answered here or elsewhere, or withdrawn. */
  readonly onDidClose: Event<Asked>;
  get(id: string): Asked | undefined;
}
