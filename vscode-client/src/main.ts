/** Activation; everything else is loaded when it is needed. */
import * as vscode from 'vscode';

export function activate(extension: vscode.ExtensionContext): void {
  const log = vscode.window.createOutputChannel('Droid', { log: true });
  extension.subscriptions.push(log);
}
