/** Opens changes in the editor's own diff: one file, or all of a changeset. */
import * as path from 'node:path';
import * as vscode from 'vscode';
import { unlinked } from '../format.js';
import type { ChangedFile, Changeset } from '../protocol.js';
import { changedLine } from './hunks.js';
import { allTitle, sideUri } from './sides.js';

export interface Pair {
  readonly before: vscode.Uri;
  readonly after: vscode.Uri;
}

/**
 * The two sides of a file. What is proposed is on neither side a file; what is applied has the file itself
 * on the right, so that the person can go on in it.
 */
export function pair(changeset: Changeset, file: ChangedFile): Pair {
  const of = (side: 'before' | 'after') => sideUri({ changesetId: changeset.changesetId, uri: file.uri, side });
  const isThere = changeset.state === 'applied' && file.kind !== 'delete';
  return { before: of('before'), after: isThere ? vscode.Uri.parse(file.uri) : of('after') };
}

export async function openFile(changeset: Changeset, file: ChangedFile, hunkId?: string): Promise<void> {
  if (file.binary) {
    void vscode.window.showInformationMessage(unlinked(`${file.path} is not text, so it is accepted or rejected as a whole.`));
    return;
  }
  const { before, after } = pair(changeset, file);
  const hunk = file.hunks.find((one) => one.hunkId === hunkId) ?? file.hunks[0];
  const line = hunk === undefined ? 0 : changedLine(hunk);
  await vscode.commands.executeCommand('vscode.diff', before, after, title(changeset, file), {
    preview: true,
    selection: new vscode.Range(line, 0, line, 0),
  } satisfies vscode.TextDocumentShowOptions);
}

/** All files in one editor. */
export async function openAll(changeset: Changeset): Promise<void> {
  const files = changeset.files.filter((one) => !one.binary);
  if (files.length === 1 && files[0] !== undefined) return openFile(changeset, files[0]);
  const rows = files.map((file): [vscode.Uri, vscode.Uri, vscode.Uri] => {
    const { before, after } = pair(changeset, file);
    return [vscode.Uri.parse(file.uri), before, after];
  });
  await vscode.commands.executeCommand('vscode.changes', allTitle(changeset.title), rows);
}

function title(changeset: Changeset, file: ChangedFile): string {
  const what = changeset.state === 'proposed' ? (changeset.kind === 'restore' ? 'restore' : 'proposed') : 'changed';
  return `${path.posix.basename(file.path)} (Droid: ${what})`;
}
