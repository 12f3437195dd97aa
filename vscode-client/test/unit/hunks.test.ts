import * as assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ChangedFile, Changeset, HunkInfo } from '../../src/protocol.js';
import { choices, countPending, hunkAt, hunkPlaces, nextHunk } from '../../src/review/hunks.js';

function hunk(hunkId: string, oldStart: number, newStart: number, lines: string[], state: HunkInfo['state'] = 'pending'): HunkInfo {
  const count = (own: string) => lines.filter((line) => line[0] === ' ' || line[0] === own).length;
  return { hunkId, oldStart, oldLines: count('-'), newStart, newLines: count('+'), lines, state };
}

function changeset(hunks: HunkInfo[], state: Changeset['state'] = 'proposed'): Changeset {
  const file: ChangedFile = {
    path: 'a.py', uri: 'file:///a.py', kind: 'edit', version: 1, before: 'x', after: 'y', binary: false, state: 'pending', hunks,
  };
  return {
    changesetId: 'cs', sessionId: 's', turnId: 't', callId: 'c', approvalId: 'a', kind: 'edit', state, title: 'Edit a.py', files: [file], conflicts: [],
  };
}

function places(set: Changeset, side: 'before' | 'after') {
  const [file] = set.files as [ChangedFile];
  return hunkPlaces([{ changeset: set, file, hunks: file.hunks }], side).map(({ hunk, start, end }) => [hunk.hunkId, start, end]);
}

const REPLACED = hunk('replaced', 10, 10, [' a', '-b', '-c', '+d', ' e']);
const ADDED = hunk('added', 20, 19, [' a', '+b', '+c', ' d']);
const DELETED = hunk('deleted', 30, 31, [' a', '-b', '-c', ' d']);
const ALL = changeset([DELETED, ADDED, REPLACED]);

test('a hunk is where its own lines change, not where its context begins', () => {
  assert.deepEqual(places(ALL, 'after'), [['replaced', 10, 11], ['added', 19, 21], ['deleted', 31, 31]]);
  assert.deepEqual(places(ALL, 'before'), [['replaced', 10, 12], ['added', 20, 20], ['deleted', 30, 32]]);
});

test('a new file begins at its first line, and a file that is emptied at its first', () => {
  assert.deepEqual(places(changeset([hunk('new', 0, 1, ['+a', '+b'])]), 'after'), [['new', 0, 2]]);
  assert.deepEqual(places(changeset([hunk('gone', 1, 0, ['-a'])]), 'before'), [['gone', 0, 1]]);
});

test('the hunk at a line is the one that changes it', () => {
  const [file] = ALL.files as [ChangedFile];
  const all = hunkPlaces([{ changeset: ALL, file, hunks: file.hunks }], 'after');
  const found = [9, 10, 11, 19, 20, 21, 31, 32].map((line) => hunkAt(all, line)?.hunk.hunkId);
  assert.deepEqual(found, [undefined, 'replaced', undefined, 'added', 'added', undefined, 'deleted', undefined]);
});

test('next and previous go round among those that are not decided', () => {
  const set = changeset([REPLACED, { ...ADDED, state: 'accepted' }, DELETED]);
  const [file] = set.files as [ChangedFile];
  const all = hunkPlaces([{ changeset: set, file, hunks: file.hunks }], 'after');
  const go = (line: number, way: 1 | -1) => nextHunk(all, line, way)?.hunk.hunkId;
  assert.deepEqual([go(0, 1), go(10, 1), go(31, 1), go(31, -1), go(0, -1)], ['replaced', 'deleted', 'replaced', 'replaced', 'deleted']);
});

test('what can be said of a hunk depends on what was said of it', () => {
  const said = (state: HunkInfo['state'], of: Changeset['state']) => choices(changeset([], of), { ...ADDED, state }).join(' ');
  const rows = (['pending', 'accepted', 'rejected', 'stale'] as const).map((state) => [said(state, 'proposed'), said(state, 'applied')]);
  assert.deepEqual(rows, [['accept reject', 'accept reject'], ['reject', 'reject'], ['accept', ''], ['', '']]);
});

test('what is still to be decided is counted', () => {
  assert.deepEqual(countPending(changeset([REPLACED, { ...ADDED, state: 'stale' }, DELETED])), { hunks: 2, files: 1 });
});
