/** What the tests of the extension share: its parts, and a session with a model that plays a script. */
import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Api } from '../../src/main.js';
import type { LiveSession } from '../../src/sessions/store.js';
import { folder, model, until } from './harness.js';

export async function api(): Promise<Api> {
  const extension = vscode.extensions.getExtension<Api>('droid.droid');
  assert.ok(extension);
  const parts = await extension.activate();
  await parts.ctx.server.ready();
  return parts;
}

/** A file of the open folder with this text, saved and shown. */
export async function shown(name: string, text: string): Promise<vscode.TextEditor> {
  const uri = vscode.Uri.joinPath(folder(), name);
  await vscode.workspace.fs.writeFile(uri, Buffer.from(text));
  return vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri));
}

export function text(name: string): Promise<string> {
  return Promise.resolve(vscode.workspace.openTextDocument(vscode.Uri.joinPath(folder(), name))).then((one) => one.getText());
}

export async function onDisk(name: string): Promise<string | undefined> {
  try {
    return Buffer.from(await vscode.workspace.fs.readFile(vscode.Uri.joinPath(folder(), name))).toString();
  } catch {
    return undefined;
  }
}

/** A new session in which the model answers a prompt by these steps. */
export async function prompted(parts: Api, prompt: string, steps: readonly object[]): Promise<LiveSession> {
  await model.play(steps);
  const session = await parts.ctx.sessions.create();
  await parts.ctx.sessions.prompt({ prompt, sessionId: session.sessionId });
  return session;
}

export async function ended(session: LiveSession): Promise<void> {
  await until('the turn ends', () => session.updates.some(({ update }) => update.sessionUpdate === 'turn_ended'));
}

export const call = (name: string, args: object): object => ({ calls: [{ name, arguments: args }] });
