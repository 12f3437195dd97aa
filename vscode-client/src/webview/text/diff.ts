/** Unified diffs, cut into files and runs of like lines, so that a long one is a few elements. */

export type RunKind = 'context' | 'add' | 'remove' | 'hunk' | 'note';

export interface Run {
  readonly kind: RunKind;
  /** Lines joined by line feeds, with their ` `, `+` or `-`. */
  readonly text: string;
}

export interface FileDiff {
  /** As the diff names it; empty where it does not. */
  readonly path: string;
  readonly kind: 'create' | 'edit' | 'delete';
  readonly runs: readonly Run[];
  readonly added: number;
  readonly removed: number;
}

const MAX_RUN_LINES = 200;

function kindOf(line: string): RunKind {
  if (line.startsWith('@@')) return 'hunk';
  if (line.startsWith('+')) return 'add';
  if (line.startsWith('-')) return 'remove';
  if (line.startsWith('\\')) return 'note';
  return 'context';
}

/** Runs of like lines, none longer than a few screens: those out of sight cost no layout. */
export function runsOf(lines: readonly string[]): readonly Run[] {
  const runs: Run[] = [];
  let kind: RunKind | undefined;
  let run: string[] = [];
  const close = (): void => {
    if (kind !== undefined && run.length > 0) runs.push({ kind, text: run.join('\n') });
    run = [];
  };
  for (const line of lines) {
    const next = kindOf(line);
    if (next !== kind || run.length >= MAX_RUN_LINES) {
      close();
      kind = next;
    }
    run.push(line);
  }
  close();
  return runs;
}

function plainPath(header: string): string | undefined {
  const name = header.slice(4).split('\t')[0]?.trim() ?? '';
  if (name === '/dev/null') return undefined;
  return name.replace(/^"(.*)"$/, '$1').replace(/^[ab]\//, '');
}

/**
 * One entry for each file of a unified diff.
 *
 * Lines are counted by the hunk's header, so that a removed line which begins with `-- ` is not taken for
 * the head of a file.
 */
export function filesOf(diff: string): readonly FileDiff[] {
  const files: FileDiff[] = [];
  let before: string | undefined;
  let after: string | undefined;
  let body: string[] = [];
  let seen = false;
  let left = { old: 0, new: 0 };
  const close = (): void => {
    if (seen || body.length > 0) {
      files.push({
        path: after ?? before ?? '',
        kind: seen && before === undefined ? 'create' : seen && after === undefined ? 'delete' : 'edit',
        runs: runsOf(body),
        added: body.filter((line) => line.startsWith('+')).length,
        removed: body.filter((line) => line.startsWith('-')).length,
      });
    }
    [before, after, body, seen] = [undefined, undefined, [], false];
  };
  const lines = diff.replace(/\n$/, '').split('\n');
  lines.forEach((line, at) => {
    const inside = left.old > 0 || left.new > 0;
    if (!inside && line.startsWith('--- ') && lines[at + 1]?.startsWith('+++ ')) {
      close();
      [seen, before] = [true, plainPath(line)];
    } else if (!inside && line.startsWith('+++ ') && seen && body.length === 0) {
      after = plainPath(line);
    } else if (!inside && /^(diff --git |index |new file mode |deleted file mode )/.test(line)) {
      if (line.startsWith('diff ')) close();
    } else if (line !== '' || inside || body.length > 0) {
      const header = inside ? null : /^@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@/.exec(line);
      if (header) left = { old: Number(header[1] ?? 1), new: Number(header[2] ?? 1) };
      else if (line.startsWith('+')) left.new -= 1;
      else if (line.startsWith('-')) left.old -= 1;
      else if (!line.startsWith('\\')) left = { old: left.old - 1, new: left.new - 1 };
      body.push(line);
    }
  });
  close();
  return files;
}
