/**
 * Accept and reject, over each hunk: as lenses in the diff and in the file, and as the mark at its lines.
 *
 * The context `droid.hunkHere` is set while the cursor is in a hunk that is not decided, for the keys.
 */
import * as vscode from 'vscode';
import type { Reviews } from './store.js';
import { choices, hunkAt, hunkPlaces, type HunkPlace } from './hunks.js';
import { SCHEME, sideOf } from './sides.js';

const WORDS = { accept: 'Accept hunk', reject: 'Reject hunk' } as const;

/** The hunks of what a document shows: a file, or one side of a change. */
export function hunksOf(reviews: Reviews, document: vscode.TextDocument): HunkPlace[] {
  const side = sideOf(document.uri);
  if (side === undefined) {
    const applied = reviews.about(document.uri.toString()).filter((one) => one.changeset.state === 'applied');
    return hunkPlaces(applied, 'after');
  }
  const own = reviews.about(side.uri).filter((one) => one.changeset.changesetId === side.changesetId);
  return hunkPlaces(own, side.side);
}

export class HunkLenses implements vscode.CodeLensProvider, vscode.Disposable {
  readonly #reviews: Reviews;
  readonly #subscriptions: vscode.Disposable[];
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #marks: Record<'pending' | 'stale', vscode.TextEditorDecorationType>;

  readonly onDidChangeCodeLenses = this.#changed.event;

  constructor(reviews: Reviews) {
    this.#reviews = reviews;
    this.#marks = { pending: mark('editorOverviewRuler.modifiedForeground'), stale: mark('editorOverviewRuler.warningForeground') };
    const draw = (): void => {
      for (const editor of vscode.window.visibleTextEditors) this.#draw(editor);
      this.#tell(vscode.window.activeTextEditor);
    };
    this.#subscriptions = [
      this.#changed,
      this.#marks.pending,
      this.#marks.stale,
      vscode.languages.registerCodeLensProvider([{ scheme: 'file' }, { scheme: SCHEME }], this),
      reviews.onDidChange(() => {
        this.#changed.fire();
        draw();
      }),
      vscode.window.onDidChangeVisibleTextEditors(draw),
      vscode.window.onDidChangeActiveTextEditor((editor) => this.#tell(editor)),
      vscode.window.onDidChangeTextEditorSelection(({ textEditor }) => this.#tell(textEditor)),
    ];
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    const side = sideOf(document.uri);
    const places = hunksOf(this.#reviews, document);
    // In a diff each hunk is offered once: on the right, except where only the left has lines of it.
    const shown = side?.side === 'before' ? [] : places;
    return shown.flatMap((place) => this.#lensesOf(place, document));
  }

  #lensesOf(place: HunkPlace, document: vscode.TextDocument): vscode.CodeLens[] {
    const { changeset, file, hunk } = place;
    const line = Math.min(place.start, Math.max(0, document.lineCount - 1));
    const range = new vscode.Range(line, 0, line, 0);
    if (hunk.state === 'stale') {
      return [
        new vscode.CodeLens(range, {
          title: '$(warning) Stale: the file has changed since',
          tooltip: 'This hunk is based on what the file no longer holds, so it can neither be accepted nor rejected.',
          command: '',
        }),
      ];
    }
    const lenses = choices(changeset, hunk).map(
      (verdict) =>
        new vscode.CodeLens(range, {
          title: `$(${verdict === 'accept' ? 'check' : 'discard'}) ${WORDS[verdict]}`,
          command: `droid.hunk.${verdict}`,
          arguments: [{ changesetId: changeset.changesetId, uri: file.uri, hunkId: hunk.hunkId }],
        }),
    );
    if (hunk.state !== 'pending') {
      lenses.unshift(new vscode.CodeLens(range, { title: hunk.state === 'accepted' ? 'Accepted' : 'Rejected', command: '' }));
    }
    return lenses;
  }

  #draw(editor: vscode.TextEditor): void {
    const { scheme } = editor.document.uri;
    if (scheme !== 'file' && scheme !== SCHEME) return;
    const places = hunksOf(this.#reviews, editor.document);
    for (const state of ['pending', 'stale'] as const) {
      const ranges = places
        .filter((one) => one.hunk.state === state)
        .map((one) => new vscode.Range(one.start, 0, Math.max(one.start, one.end - 1), 0));
      editor.setDecorations(this.#marks[state], ranges);
    }
  }

  #tell(editor: vscode.TextEditor | undefined): void {
    const here = editor === undefined ? undefined : hunkAt(hunksOf(this.#reviews, editor.document), editor.selection.active.line);
    const isOpen = here?.hunk.state === 'pending';
    void vscode.commands.executeCommand('setContext', 'droid.hunkHere', isOpen);
  }

  dispose(): void {
    vscode.Disposable.from(...this.#subscriptions).dispose();
  }
}

function mark(color: string): vscode.TextEditorDecorationType {
  return vscode.window.createTextEditorDecorationType({
    isWholeLine: true,
    overviewRulerColor: new vscode.ThemeColor(color),
    overviewRulerLane: vscode.OverviewRulerLane.Left,
  });
}
