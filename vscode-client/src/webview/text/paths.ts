/** Paths as people name them: relative where they lie in the one folder that is open. */

/** With several folders open, a path begins with its folder's own name; elsewhere it stays as it is. */
export function shownPath(path: string, folders: readonly string[]): string {
  for (const folder of [...folders].sort((one, other) => other.length - one.length)) {
    const inside = folder.endsWith('/') ? folder : `${folder}/`;
    if (!path.startsWith(inside) || path.length === inside.length) continue;
    const rest = path.slice(inside.length);
    return folders.length === 1 ? rest : `${folder.slice(folder.lastIndexOf('/') + 1)}/${rest}`;
  }
  return path;
}
