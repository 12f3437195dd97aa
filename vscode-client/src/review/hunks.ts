/** Hunks by line: which one is meant where, which is next. */
import type { ChangedFile, Changeset, HunkInfo } from '../protocol.js';
import type { Place } from './store.js';

export interface HunkPlace {
  readonly changeset: Changeset;
  readonly file: ChangedFile;
  readonly hunk: HunkInfo;
  /** Where it is in the document, from 0; `end` is behind the last. */
  readonly start: number;
  readonly end: number;
}

/**
 * Where the hunks of a document are, by line.
 *
 * @param shown What the document shows: `after` for a file and the right side, `before` for the left one.
 */
export function hunkPlaces(places: readonly Place[], shown: 'before' | 'after'): HunkPlace[] {
  return places
    .flatMap(({ changeset, file, hunks }) => hunks.map((hunk) => ({ changeset, file, hunk, ...lines(hunk, shown) })))
    .sort((a, b) => a.start - b.start);
}

/** Where the first change of a hunk is on the right side, from 0. */
export function changedLine(hunk: HunkInfo): number {
  return lines(hunk, 'after').start;
}

/** Only the lines that change: what is around them belongs to nobody. */
function lines(hunk: HunkInfo, shown: 'before' | 'after'): { start: number; end: number } {
  const own = shown === 'after' ? '+' : '-';
  let line = Math.max(0, (shown === 'after' ? hunk.newStart : hunk.oldStart) - 1);
  // Where a side of a hunk has no lines, its start is the line before it.
  if ((shown === 'after' ? hunk.newLines : hunk.oldLines) === 0) line += 1;
  let [start, end] = [Number.POSITIVE_INFINITY, line];
  for (const text of hunk.lines) {
    const mark = text[0];
    if (mark === own || mark === ' ') {
      if (mark === own) [start, end] = [Math.min(start, line), line + 1];
      line += 1;
    } else if (mark === '-' || mark === '+') {
      [start, end] = [Math.min(start, line), Math.max(end, line)];
    }
  }
  return start === Number.POSITIVE_INFINITY ? { start: line, end: line } : { start, end };
}

/** The hunk that a line is in, or that is deleted right there. */
export function hunkAt(places: readonly HunkPlace[], line: number): HunkPlace | undefined {
  return places.find((one) => one.start <= line && line < Math.max(one.end, one.start + 1));
}

/** The next hunk that is not decided, from a line on; begins again at the other end. */
export function nextHunk(places: readonly HunkPlace[], line: number, way: 1 | -1): HunkPlace | undefined {
  const open = places.filter((one) => one.hunk.state === 'pending');
  return way === 1
    ? (open.find((one) => one.start > line) ?? open[0])
    : (open.findLast((one) => one.start < line) ?? open.at(-1));
}

/** What can still be said of a hunk. */
export function choices(changeset: Changeset, hunk: HunkInfo): readonly ('accept' | 'reject')[] {
  if (hunk.state === 'stale') return [];
  // What is rejected in an applied changeset has been taken back: there is nothing left to accept.
  if (changeset.state === 'applied' && hunk.state === 'rejected') return [];
  if (hunk.state === 'accepted') return ['reject'];
  if (hunk.state === 'rejected') return ['accept'];
  return ['accept', 'reject'];
}

export function countPending(changeset: Changeset): { hunks: number; files: number } {
  const files = changeset.files.filter((file) => file.state === 'pending' || file.state === 'mixed');
  const hunks = files.reduce(
    (sum, file) => sum + (file.binary ? 1 : file.hunks.filter((one) => one.state === 'pending').length),
    0,
  );
  return { hunks, files: files.length };
}
