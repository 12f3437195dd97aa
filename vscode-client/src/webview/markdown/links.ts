/** What may be linked to: a web address, a mail address, or a file of the workspace. */

export type Target =
  | { readonly kind: 'web'; readonly href: string; readonly shown: string }
  | { readonly kind: 'file'; readonly href: string; readonly shown: string };

/** Undefined for everything that is not a link here: scripts, commands, data, anchors. */
export function targetOf(href: string): Target | undefined {
  // The checks below are of what a browser would make of it, and browsers leave these characters out.
  // A hidden character in an address is never an accident.
  if (/[\u0000-\u0020\u007f-\u00a0\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff]/.test(href)) return undefined;
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(href)?.[1]?.toLowerCase();
  if (scheme === 'http' || scheme === 'https') {
    try {
      // The host as it is reached, so that look-alike letters show as `xn--`.
      return { kind: 'web', href, shown: new URL(href).host };
    } catch {
      return undefined;
    }
  }
  if (scheme === 'mailto') return { kind: 'web', href, shown: href.slice('mailto:'.length) };
  if (scheme !== undefined && scheme.length > 1 && !/^[^/\\:]+\.[a-z0-9]+:\d+(:\d+)?$/i.test(href)) return undefined;
  if (href.startsWith('#') || href.startsWith('//') || href === '') return undefined;
  return { kind: 'file', href, shown: href };
}
