/** Commands of the review: what is meant is given by a button, else by where the cursor is. */
import * as vscode from 'vscode';
import { unlinked } from '../format.js';
import type { ReviewResult } from '../protocol.js';
import { registerCommands } from '../commands/run.js';
import { inSession, type Core } from '../ctx.js';
import { openAll, openFile } from './diff.js';
import { hunkAt, nextHunk, type HunkPlace } from './hunks.js';
import { hunksOf } from './lenses.js';
import { sideOf } from './sides.js';
import type { Decision } from './store.js';

type Target = Partial<Omit<Decision, 'verdict'>>;

export function registerReviewCommands(core: Core): vscode.Disposable {
  const { reviews } = core;

  const decide = async (verdict: Decision['verdict'], target: Target | undefined): Promise<void> => {
    if (target?.changesetId === undefined) return;
    tell(await reviews.decide({ ...target, changesetId: target.changesetId, verdict }));
  };

  const here = (): HunkPlace | undefined => {
    const editor = vscode.window.activeTextEditor;
    return editor === undefined ? undefined : hunkAt(hunksOf(reviews, editor.document), editor.selection.active.line);
  };

  const onHunk = async (verdict: Decision['verdict'], target?: Target): Promise<void> => {
    if (target?.hunkId !== undefined) return decide(verdict, target);
    const place = here();
    if (place === undefined) {
      void vscode.window.showInformationMessage('The cursor is in no hunk of Droid’s.');
      return;
    }
    const { changeset, file, hunk } = place;
    await decide(verdict, { changesetId: changeset.changesetId, uri: file.uri, hunkId: hunk.hunkId });
  };

  /** The file that a button belongs to, a tab shows, or the cursor is in. */
  const fileOf = (target: unknown): Target | undefined => {
    if (isTarget(target)) return target;
    const uri = target instanceof vscode.Uri ? target : vscode.window.activeTextEditor?.document.uri;
    if (uri === undefined) return undefined;
    const side = sideOf(uri);
    if (side !== undefined) return { changesetId: side.changesetId, uri: side.uri };
    const place = reviews.about(uri.toString()).at(-1);
    return place === undefined ? undefined : { changesetId: place.changeset.changesetId, uri: place.file.uri };
  };

  /** The changeset that is meant; the newest of the active session where nothing says. */
  const changesetOf = (target: unknown): Target | undefined => {
    const found = isTarget(target) ? target : fileOf(target);
    if (found?.changesetId !== undefined) return { changesetId: found.changesetId };
    const own = inSession(reviews.open, core.sessions.active?.sessionId).at(-1);
    return own === undefined ? undefined : { changesetId: own.changesetId };
  };

  const move = async (way: 1 | -1): Promise<void> => {
    const editor = vscode.window.activeTextEditor;
    if (editor === undefined) return;
    const next = nextHunk(hunksOf(reviews, editor.document), editor.selection.active.line, way);
    if (next === undefined) {
      void vscode.window.showInformationMessage('There is no hunk to be decided in this file.');
      return;
    }
    const at = new vscode.Position(next.start, 0);
    editor.selection = new vscode.Selection(at, at);
    editor.revealRange(new vscode.Range(at, at), vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  };

  const open = async (target?: unknown): Promise<void> => {
    if (isTarget(target) && target.uri !== undefined && target.changesetId !== undefined) {
      const changeset = reviews.get(target.changesetId);
      const file = changeset?.files.find((one) => one.uri === target.uri);
      if (changeset !== undefined && file !== undefined) return openFile(changeset, file, target.hunkId);
    }
    const id = changesetOf(target)?.changesetId;
    const changeset = id === undefined ? undefined : reviews.get(id);
    if (changeset === undefined) {
      void vscode.window.showInformationMessage('There are no changes of Droid’s to review.');
      return;
    }
    await openAll(changeset);
  };

  return registerCommands({
    'droid.hunk.accept': (target) => onHunk('accept', isTarget(target) ? target : undefined),
    'droid.hunk.reject': (target) => onHunk('reject', isTarget(target) ? target : undefined),
    'droid.hunk.next': () => move(1),
    'droid.hunk.previous': () => move(-1),
    'droid.file.accept': (target) => decide('accept', fileOf(target)),
    'droid.file.reject': (target) => decide('reject', fileOf(target)),
    'droid.changes.acceptAll': (target) => decide('accept', changesetOf(target)),
    'droid.changes.rejectAll': (target) => decide('reject', changesetOf(target)),
    'droid.changes.open': open,
  });
}

function isTarget(value: unknown): value is Target {
  return typeof value === 'object' && value !== null && 'changesetId' in value;
}

function tell(result: ReviewResult): void {
  if (result.refused.length === 0) return;
  const [first] = result.refused;
  const more = result.refused.length - 1;
  const text = `${first?.path}: ${first?.why}${more > 0 ? ` (and ${more} more)` : ''}`;
  void vscode.window.showWarningMessage(unlinked(text));
}
