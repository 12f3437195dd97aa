/**
 * Tests inside the extension host of a real VS Code, with the real server and a scripted model.
 *
 * `make test-editors` runs them (`tests/editors/test_vscode.py`): it opens a real project's folder, gives the
 * server a home of its own whose settings name the model, and takes each `ok` and `not ok` for a test.
 */
import * as vscode from 'vscode';

type Body = () => Promise<void> | void;

// Each file of tests is a bundle with a copy of this module, so what they share lies outside of it.
const shared = globalThis as { droidTests?: { name: string; body: Body }[] };
const tests = (shared.droidTests ??= []);
const LIMIT_MS = 60_000;

/** A test's name is a sentence. It stands on the line of `test(`, where the runner looks for it. */
export function test(name: string, body: Body): void {
  tests.push({ name, body });
}

/** Runs every test, one after the other, and prints what became of each as TAP. */
export async function runAll(): Promise<void> {
  let number = 0;
  let failed = 0;
  for (const { name, body } of tests) {
    number += 1;
    let late: NodeJS.Timeout | undefined;
    try {
      const limit = new Promise<never>((_, reject) => {
        late = setTimeout(() => reject(new Error(`not done after ${LIMIT_MS} ms`)), LIMIT_MS);
      });
      await Promise.race([body(), limit]);
      console.log(`ok ${number} - ${name}`);
    } catch (error) {
      failed += 1;
      console.log(`not ok ${number} - ${name}`);
      const why = error instanceof Error ? (error.stack ?? error.message) : String(error);
      for (const line of why.split('\n')) console.log(`# ${line}`);
    } finally {
      clearTimeout(late);
    }
  }
  if (failed > 0) throw new Error(`${failed} of ${number} tests failed`);
}

/** Waits until `held()` gives something, and gives it. */
export async function until<T>(what: string, held: () => T | undefined | Promise<T | undefined>, seconds = 30): Promise<T> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const value = await held();
    if (value !== undefined && value !== null && (value as unknown) !== false) return value;
    if (Date.now() > end) throw new Error(`never happened: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** The open folder. */
export function folder(): vscode.Uri {
  const first = vscode.workspace.workspaceFolders?.[0];
  if (first === undefined) throw new Error('no folder is open');
  return first.uri;
}

/** What the model answers from now on, and what it was asked; the steps are those of `tests/fakes/model_server.py`. */
export const model = {
  async play(steps: readonly object[]): Promise<void> {
    await fetch(`${address()}/script`, { method: 'PUT', body: JSON.stringify(steps) });
  },
  async requests(): Promise<readonly { readonly body: { readonly messages: readonly { role: string; content: string }[] } }[]> {
    return (await (await fetch(`${address()}/requests`)).json()) as never;
  },
};

function address(): string {
  const url = process.env['DROID_TEST_MODEL'];
  if (url === undefined) throw new Error('no model: run these tests by `make test-editors`');
  return url;
}
