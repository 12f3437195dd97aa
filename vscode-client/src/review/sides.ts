/** The addresses of the two sides of a changed file, and the documents behind them. */
import * as vscode from 'vscode';
import type { Changeset } from '../protocol.js';
import type { Reviews } from './store.js';

/** What the editor of all files of a changeset is called. */
export function allTitle(title: string): string {
  return `Droid: ${title}`;
}

export const SCHEME = 'droid-review';

export interface Side {
  readonly changesetId: string;
  readonly uri: string;
  readonly side: 'before' | 'after';
}

/** The path stays the file's, so that the editor knows its language and shows its name. */
export function sideUri(side: Side): vscode.Uri {
  return vscode.Uri.from({ scheme: SCHEME, path: vscode.Uri.parse(side.uri).path, query: JSON.stringify(side) });
}

export function sideOf(uri: vscode.Uri): Side | undefined {
  if (uri.scheme !== SCHEME) return undefined;
  try {
    return JSON.parse(uri.query) as Side;
  } catch {
    return undefined;
  }
}

/** There is nothing to decide any more, and what the diff showed is in the file or nowhere. */
async function closeTabs({ changesetId, title }: Changeset): Promise<void> {
  const tabs = vscode.window.tabGroups.all
    .flatMap((group) => group.tabs)
    .filter(({ input, label }) =>
      input instanceof vscode.TabInputTextDiff
        ? sideOf(input.original)?.changesetId === changesetId
        : // An editor of several files says only what it is called.
          label.startsWith(allTitle(title)),
    );
  if (tabs.length > 0) await vscode.window.tabGroups.close(tabs, true);
}

export class Sides implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #reviews: Reviews;
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly #subscriptions: vscode.Disposable[];

  readonly onDidChange = this.#changed.event;

  constructor(reviews: Reviews) {
    this.#reviews = reviews;
    this.#subscriptions = [
      vscode.workspace.registerTextDocumentContentProvider(SCHEME, this),
      reviews.onDidChange((changeset) => {
        for (const document of vscode.workspace.textDocuments) {
          const side = sideOf(document.uri);
          if (side !== undefined && side.changesetId === changeset?.changesetId) this.#changed.fire(document.uri);
        }
        if (changeset?.state === 'closed') void closeTabs(changeset);
      }),
    ];
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const side = sideOf(uri);
    if (side === undefined) return '';
    // A closed changeset has no content any more; what is shown stays until the tab is closed.
    if (this.#reviews.get(side.changesetId) === undefined) {
      return vscode.workspace.textDocuments.find((one) => one.uri.toString() === uri.toString())?.getText() ?? '';
    }
    return this.#reviews.content(side.changesetId, side.uri, side.side);
  }

  dispose(): void {
    vscode.Disposable.from(...this.#subscriptions).dispose();
    this.#changed.dispose();
  }
}
