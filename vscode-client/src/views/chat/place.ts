/** Where a link to a file leads. */

/** `src/a.py:12`, `src/a.py#L12`, `src/a.py`: the path and the line, from 1. */
export function placeOf(href: string): { path: string; line: number | undefined } {
  const decoded = safelyDecoded(href);
  const found = /^(.*?)(?:#L(\d+)(?:-L?\d+)?|:(\d+)(?:[:-]\d+)*)$/.exec(decoded);
  const line = found?.[2] ?? found?.[3];
  return { path: found?.[1] ?? decoded, line: line === undefined ? undefined : Number(line) };
}

function safelyDecoded(href: string): string {
  try {
    return decodeURIComponent(href);
  } catch {
    return href;
  }
}

/** `\\\\host\\share`: to look at such a file tells the host, in Windows, who the person is. */
export function isElsewhere(path: string): boolean {
  return /^[\\/]{2}/.test(path);
}
