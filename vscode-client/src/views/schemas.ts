/**
 * The JSON Schemas of settings files, for the editor's own JSON support, while the server does not run.
 *
 * The server says all that they say, and more: where a value comes from, and what is in force. What both say
 * would stand there twice, so while it runs the schemas are empty.
 */
import { readFile } from 'node:fs/promises';
import * as path from 'node:path';
import * as vscode from 'vscode';
import type { Core } from '../ctx.js';

export const SCHEME = 'droid-schema';

export class Schemas implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #core: Core;
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly #subscriptions: vscode.Disposable[];

  readonly onDidChange = this.#changed.event;

  constructor(core: Core) {
    this.#core = core;
    this.#subscriptions = [
      this.#changed,
      vscode.workspace.registerTextDocumentContentProvider(SCHEME, this),
      core.server.onDidChangeState(() => {
        for (const { uri } of vscode.workspace.textDocuments) if (uri.scheme === SCHEME) this.#changed.fire(uri);
      }),
    ];
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    if (['starting', 'running', 'restarting'].includes(this.#core.server.state)) return '{}';
    const name = path.posix.basename(uri.path);
    return readFile(path.join(this.#core.extension.extensionPath, 'dist', 'schemas', name), 'utf8');
  }

  dispose(): void {
    vscode.Disposable.from(...this.#subscriptions).dispose();
  }
}
