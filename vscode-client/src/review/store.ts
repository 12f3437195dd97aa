/** The changesets that are open, as `droid/reviewChanges` tells them, and what can be done with them. */
import type { Event } from 'vscode';
import type { ChangedFile, Changeset, HunkInfo, ReviewResult } from '../protocol.js';

export interface Reviews {
  /** Those that are not closed, the newest last. */
  readonly open: readonly Changeset[];
  readonly onDidChange: Event<Changeset | undefined>;
  get(changesetId: string): Changeset | undefined;
  /** The changeset that a tool call wants or a turn made, the newest. */
  ofCall(callId: string): Changeset | undefined;
  ofTurn(turnId: string): Changeset | undefined;
  /** Changesets and hunks about one document. */
  about(uri: string): readonly Place[];

  decide(decision: Decision): Promise<ReviewResult>;
  /** One side of a file; empty where there is no file. */
  content(changesetId: string, uri: string, side: 'before' | 'after'): Promise<string>;
  /** Ask the server for all of a session's again. */
  refresh(sessionId: string): Promise<void>;
}

/** What a changeset does to one document. */
export interface Place {
  readonly changeset: Changeset;
  readonly file: ChangedFile;
  readonly hunks: readonly HunkInfo[];
}

/** Accept or reject one hunk, all of one file, or all; which is told by what is given. */
export interface Decision {
  readonly verdict: 'accept' | 'reject';
  readonly changesetId: string;
  readonly uri?: string;
  readonly hunkId?: string;
}
