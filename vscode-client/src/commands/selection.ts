/** What can be asked about code: the context menu of the editor. */
import * as vscode from 'vscode';
import type { AskArguments, PromptResult } from '../protocol.js';
import type { Ctx } from '../ctx.js';
import { registerCommands } from './run.js';

const ABOUT_CODE = {
  'droid.selection.explain': 'droid.explain',
  'droid.selection.fix': 'droid.fix',
  'droid.selection.refactor': 'droid.refactor',
  'droid.selection.document': 'droid.document',
  'droid.selection.test': 'droid.test',
  'droid.selection.review': 'droid.review',
} as const;

const SEVERITIES = [1, 2, 3, 4] as const;

export function registerSelectionCommands(ctx: Ctx): vscode.Disposable {
  const show = (result: PromptResult): void => {
    ctx.sessions.select(result.sessionId);
    void ctx.chat.reveal(result.sessionId);
  };

  const about = async (command: (typeof ABOUT_CODE)[keyof typeof ABOUT_CODE]): Promise<void> => {
    const place = placeOf(vscode.window.activeTextEditor);
    if (place === undefined) {
      void vscode.window.showInformationMessage('Open a file and select the code that is meant.');
      return;
    }
    const session = await ctx.sessions.ensure();
    const diagnostics = command === 'droid.fix' ? diagnosticsAt(vscode.window.activeTextEditor) : undefined;
    show(
      await ctx.server.execute(command, {
        ...place,
        ...(diagnostics !== undefined && diagnostics.length > 0 ? { diagnostics } : {}),
        sessionId: session.sessionId,
      }),
    );
  };

  const ask = async (given?: unknown): Promise<void> => {
    const editor = vscode.window.activeTextEditor;
    const place = placeIn(given) ?? placeOf(editor);
    const prompt = await vscode.window.showInputBox({
      title: 'Ask Droid',
      prompt: place === undefined ? 'About this workspace' : `About ${describe(editor)}`,
      placeHolder: 'What should Droid do or explain?',
      ignoreFocusOut: true,
    });
    if (prompt === undefined || prompt.trim() === '') return;
    show(await ctx.sessions.prompt({ prompt, ...place }));
  };

  return registerCommands({
    'droid.selection.ask': ask,
    ...Object.fromEntries(Object.entries(ABOUT_CODE).map(([name, command]) => [name, () => about(command)])),
  });
}

/** The place that a code action or a lens brings; menus bring a URI alone, and mean the selection. */
function placeIn(given: unknown): Pick<AskArguments, 'uri' | 'range'> | undefined {
  if (typeof given !== 'object' || given === null || !('uri' in given) || !('range' in given)) return undefined;
  return { uri: String(given.uri), range: given.range as NonNullable<AskArguments['range']> };
}

function placeOf(editor: vscode.TextEditor | undefined): Pick<AskArguments, 'uri' | 'range'> | undefined {
  if (editor === undefined || !['file', 'untitled'].includes(editor.document.uri.scheme)) return undefined;
  const { start, end } = editor.selection;
  return {
    uri: editor.document.uri.toString(),
    range: { start: { line: start.line, character: start.character }, end: { line: end.line, character: end.character } },
  };
}

function diagnosticsAt(editor: vscode.TextEditor | undefined): AskArguments['diagnostics'] {
  if (editor === undefined) return [];
  return vscode.languages
    .getDiagnostics(editor.document.uri)
    .filter((one) => one.range.intersection(editor.selection) !== undefined)
    .map(({ range: { start, end }, message, severity, source }) => ({
      range: { start: { line: start.line, character: start.character }, end: { line: end.line, character: end.character } },
      message,
      severity: SEVERITIES[severity],
      ...(source !== undefined ? { source } : {}),
    }));
}

function describe(editor: vscode.TextEditor | undefined): string {
  if (editor === undefined) return 'this workspace';
  const name = vscode.workspace.asRelativePath(editor.document.uri);
  const { start, end, isEmpty } = editor.selection;
  if (isEmpty) return name;
  return start.line === end.line ? `${name}, line ${start.line + 1}` : `${name}, lines ${start.line + 1} to ${end.line + 1}`;
}
