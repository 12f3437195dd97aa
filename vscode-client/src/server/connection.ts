/** One running server and the language client that speaks to it; a crash ends it, and another one is made. */
import * as vscode from 'vscode';
import {
  CloseAction,
  ErrorAction,
  LanguageClient,
  State,
  TransportKind,
  type ClientCapabilities,
  type LanguageClientOptions,
  type Middleware,
  type StaticFeature,
} from 'vscode-languageclient/node';
import type { Config } from '../config.js';
import type { Found } from './find.js';

export interface ConnectionOptions {
  readonly found: Found;
  readonly config: Config;
  readonly log: vscode.LogOutputChannel;
  readonly trusted: boolean;
  readonly version: string;
  readonly middleware: Middleware;
  /** It ended, and nobody had asked it to. */
  readonly onCrash: () => void;
}

export type Connection = LanguageClient;

/** What is declared: everything that is built here, and nothing else. */
function declared(version: string): object {
  return {
    api: 1,
    editor: { name: vscode.env.appName, version: vscode.version, client: version },
    transcript: 'stream',
    review: 'hunk',
    approval: 'rich',
    input: true,
    status: true,
    sessions: true,
    save: true,
  };
}

export function connect(options: ConnectionOptions): Connection {
  const { found, config, log } = options;
  const server = {
    command: found.command,
    args: [...found.args, ...config.serverArguments],
    transport: TransportKind.stdio,
    options: {
      env: { ...process.env, ...config.serverEnvironment },
      ...(workingFolder() !== undefined ? { cwd: workingFolder() as string } : {}),
    },
  };
  const clientOptions: LanguageClientOptions = {
    // Only these schemes: a preview of an edit (`vscode-bulkeditpreview-editor`), one side of a comparison
    // or an output panel is no document that anybody works in.
    documentSelector: [{ scheme: 'file' }, { scheme: 'untitled' }],
    outputChannel: log,
    initializationOptions: { droid: { trusted: options.trusted } },
    middleware: options.middleware,
    markdown: { isTrusted: false, supportHtml: false },
    errorHandler: {
      error: () => ({ action: ErrorAction.Continue, handled: true }),
      closed: () => {
        options.onCrash();
        return { action: CloseAction.DoNotRestart, handled: true };
      },
    },
    initializationFailedHandler: () => false,
  };
  const client = new LanguageClient('droid', 'Droid', server, clientOptions);
  client.registerFeature(new Declaration(options.version));
  return client;
}

export async function end(connection: Connection): Promise<void> {
  if (connection.state === State.Stopped) return;
  await connection.dispose(3000).catch(() => undefined); // a server that does not answer is ended all the same
}

/** The server looks for what the person has installed relative to its folder, not to the editor's. */
function workingFolder(): string | undefined {
  const first = vscode.workspace.workspaceFolders?.[0];
  return first?.uri.scheme === 'file' ? first.uri.fsPath : undefined;
}

class Declaration implements StaticFeature {
  readonly #version: string;

  constructor(version: string) {
    this.#version = version;
  }

  fillClientCapabilities(capabilities: ClientCapabilities): void {
    capabilities.experimental = { ...(capabilities.experimental as object), droid: declared(this.#version) };
  }

  initialize(): void {}

  getState(): { kind: 'static' } {
    return { kind: 'static' };
  }

  clear(): void {}
}
