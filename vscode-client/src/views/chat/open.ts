/** Opens what the chat points at: files of the workspace, and addresses after a check. */
import * as path from 'node:path';
import * as vscode from 'vscode';
import { unlinked } from '../../format.js';
import { isElsewhere, placeOf } from './place.js';

/** The file as it stands in a folder of the workspace; with `anywhere`, an absolute path counts too. */
async function find(name: string, anywhere: boolean): Promise<vscode.Uri | undefined> {
  for (const folder of vscode.workspace.workspaceFolders ?? []) {
    const { fsPath } = folder.uri;
    const full = path.resolve(fsPath, name);
    const inside = full.startsWith(fsPath + path.sep);
    if (!inside && !(anywhere && path.isAbsolute(name) && !isElsewhere(name))) continue;
    const uri = path.isAbsolute(name) && !inside ? vscode.Uri.file(full) : folder.uri.with({ path: vscode.Uri.file(full).path });
    try {
      if ((await vscode.workspace.fs.stat(uri)).type & vscode.FileType.File) return uri;
    } catch {
      // Not in this folder; the next may have it.
    }
  }
  return undefined;
}

export async function openFile(name: string, line: number | undefined, options: { anywhere: boolean }): Promise<void> {
  const uri = await find(name, options.anywhere);
  if (uri === undefined) {
    void vscode.window.showInformationMessage(unlinked(`${name} is not in this workspace.`));
    return;
  }
  const at = line === undefined ? undefined : new vscode.Position(Math.max(0, line - 1), 0);
  await vscode.commands.executeCommand('vscode.open', uri, {
    preview: true,
    ...(at === undefined ? {} : { selection: new vscode.Range(at, at) }),
  });
}

/** A link that the agent wrote. VS Code itself shows the whole address and asks before it leaves the editor. */
export async function openLink(href: string): Promise<void> {
  if (/^(https?|mailto):/i.test(href)) {
    await vscode.env.openExternal(vscode.Uri.parse(href, true));
    return;
  }
  const place = placeOf(href);
  await openFile(place.path, place.line, { anywhere: false });
}

/** Put code at the cursor of the editor that was used last. */
export async function insertCode(text: string): Promise<void> {
  const editor = vscode.window.activeTextEditor ?? vscode.window.visibleTextEditors[0];
  if (editor === undefined) {
    void vscode.window.showInformationMessage('Open a file first: the code goes to its cursor.');
    return;
  }
  await editor.edit((edit) => {
    for (const selection of editor.selections) edit.replace(selection, text);
  });
  await vscode.window.showTextDocument(editor.document, { viewColumn: editor.viewColumn ?? vscode.ViewColumn.Active });
}

const LANGUAGES: Readonly<Record<string, string>> = {
  bash: 'shellscript',
  'c++': 'cpp',
  console: 'shellscript',
  cs: 'csharp',
  docker: 'dockerfile',
  js: 'javascript',
  jsx: 'javascriptreact',
  kt: 'kotlin',
  make: 'makefile',
  md: 'markdown',
  py: 'python',
  rb: 'ruby',
  rs: 'rust',
  sh: 'shellscript',
  shell: 'shellscript',
  ts: 'typescript',
  tsx: 'typescriptreact',
  yml: 'yaml',
  zsh: 'shellscript',
};

/** An unsaved document with the code in it; where it is saved is the person's choice. */
export async function createFile(text: string, fence: string): Promise<void> {
  const word = fence.split(/[\s{,:]/)[0]?.toLowerCase() ?? '';
  const wanted = LANGUAGES[word] ?? word;
  const language = (await vscode.languages.getLanguages()).includes(wanted) ? wanted : 'plaintext';
  const content = text.endsWith('\n') ? text : `${text}\n`;
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ content, language }));
}
