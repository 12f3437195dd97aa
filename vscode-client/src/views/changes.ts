/** The tree “Droid Changes”: changesets, their files, and what is decided of each. */
import * as path from 'node:path';
import * as vscode from 'vscode';
import type { ChangedFile, Changeset } from '../protocol.js';
import type { Core } from '../ctx.js';
import { countPending } from '../review/hunks.js';

class ChangesetNode extends vscode.TreeItem {
  readonly changesetId: string;

  constructor(readonly changeset: Changeset) {
    super(changeset.title, vscode.TreeItemCollapsibleState.Expanded);
    this.changesetId = changeset.changesetId;
    this.id = changeset.changesetId;
    this.contextValue = `changeset-${changeset.state}`;
    const { hunks } = countPending(changeset);
    const left = hunks === 0 ? 'all looked at' : `${hunks} to look at`;
    this.description = changeset.state === 'proposed' ? `waits for you · ${left}` : left;
    this.iconPath = new vscode.ThemeIcon(changeset.kind === 'restore' ? 'history' : 'diff-multiple');
    if (changeset.conflicts.length > 0) {
      this.tooltip = `Changed by somebody else since: ${changeset.conflicts.join(', ')}`;
    }
  }
}

class FileNode extends vscode.TreeItem {
  readonly changesetId: string;
  readonly uri: string;

  constructor(changeset: Changeset, file: ChangedFile) {
    super(path.posix.basename(file.path), vscode.TreeItemCollapsibleState.None);
    this.changesetId = changeset.changesetId;
    this.uri = file.uri;
    this.id = `${changeset.changesetId} ${file.uri}`;
    this.resourceUri = vscode.Uri.parse(file.uri);
    this.contextValue = `file-${file.state}`;
    const folder = path.posix.dirname(file.path);
    this.description = [folder === '.' ? '' : folder, standing(file)].filter((one) => one !== '').join(' · ');
    this.tooltip = `${file.path}: ${KINDS[file.kind]}; ${standing(file)}`;
    const icon = ICONS[file.state];
    if (icon !== undefined) this.iconPath = new vscode.ThemeIcon(icon);
    this.command = {
      title: 'Review changes',
      command: 'droid.changes.open',
      arguments: [{ changesetId: changeset.changesetId, uri: file.uri }],
    };
  }
}

type Node = ChangesetNode | FileNode;

const KINDS = { create: 'new file', edit: 'changed', delete: 'deleted' } as const;
const ICONS: Partial<Record<ChangedFile['state'], string>> = { accepted: 'check', rejected: 'discard', stale: 'warning' };

function standing(file: ChangedFile): string {
  const kind = file.kind === 'edit' ? '' : `${KINDS[file.kind]}, `;
  if (file.state !== 'pending' && file.state !== 'mixed') return `${kind}${file.state}`;
  if (file.binary) return `${kind}binary`;
  const pending = file.hunks.filter((one) => one.state === 'pending').length;
  const stale = file.hunks.filter((one) => one.state === 'stale').length;
  const of = file.state === 'mixed' ? ` of ${file.hunks.length}` : '';
  return `${kind}${pending}${of} hunk${file.hunks.length === 1 ? '' : 's'}${stale > 0 ? `, ${stale} stale` : ''}`;
}

export class ChangesView implements vscode.TreeDataProvider<Node>, vscode.Disposable {
  readonly #core: Core;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #view: vscode.TreeView<Node>;
  readonly #subscriptions: vscode.Disposable[];

  readonly onDidChangeTreeData = this.#changed.event;

  constructor(core: Core) {
    this.#core = core;
    this.#view = vscode.window.createTreeView<Node>('droid.changes', { treeDataProvider: this, showCollapseAll: false });
    this.#subscriptions = [this.#changed, this.#view, core.reviews.onDidChange(() => this.#tell())];
    this.#tell();
  }

  getTreeItem(node: Node): vscode.TreeItem {
    return node;
  }

  getChildren(node?: Node): Node[] {
    if (node === undefined) return this.#core.reviews.open.map((one) => new ChangesetNode(one)).reverse();
    if (node instanceof ChangesetNode) return node.changeset.files.map((file) => new FileNode(node.changeset, file));
    return [];
  }

  #tell(): void {
    const counts = this.#core.reviews.open.map(countPending);
    const files = counts.reduce((sum, one) => sum + one.files, 0);
    // No badge at all where there is nothing: 0 would still be drawn.
    this.#view.badge = files === 0 ? undefined : { value: files, tooltip: `${files} file${files === 1 ? '' : 's'} to look at` };
    void vscode.commands.executeCommand('setContext', 'droid.hasChanges', this.#core.reviews.open.length > 0);
    const uris = this.#core.reviews.open.flatMap((one) => one.files.map((file) => vscode.Uri.parse(file.uri).fsPath));
    void vscode.commands.executeCommand('setContext', 'droid.changedFiles', uris);
    this.#changed.fire();
  }

  dispose(): void {
    vscode.Disposable.from(...this.#subscriptions).dispose();
  }
}
