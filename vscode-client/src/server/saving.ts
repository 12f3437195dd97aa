/** Answers `droid/save`: documents that a command must find on disk. */
import * as vscode from 'vscode';
import type { Server } from '../client.js';

export function answerSaves(server: Server): vscode.Disposable {
  return server.onRequest('droid/save', async ({ uris }) => {
    const wanted = new Set(uris.map((uri) => vscode.Uri.parse(uri).toString()));
    const saved = await Promise.all(
      vscode.workspace.textDocuments
        .filter((one) => one.isDirty && !one.isUntitled && wanted.has(one.uri.toString()))
        .map(async (one) => one.save()),
    );
    // Formatters and other extensions may keep a file from being saved: then the server asks the person.
    if (saved.includes(false)) throw new Error('not everything could be saved');
    return null;
  });
}
