/** A link that a model wrote: it shows where it leads, and is opened by the extension after a check. */
import type { ComponentChildren } from 'preact';
import { useConversation } from '../components/context.js';
import { post } from '../host.js';
import { exact } from '../text/exact.js';
import { targetOf } from './links.js';

export function Link({ href, children }: { href: string; children?: ComponentChildren }) {
  const { sessionId } = useConversation();
  const target = targetOf(href);
  if (target === undefined) {
    return (
      <span class="md-nolink">
        {children} <code>{exact(href)}</code>
      </span>
    );
  }
  // A text that only holds the address could say another one before it, or turn it around.
  const isItself = [target.shown, target.href].includes(textOf(children).trim());
  return (
    <>
      <a
        href={target.kind === 'web' ? target.href : '#'}
        title={target.href}
        tabIndex={-1}
        data-stop
        onClick={(event) => {
          event.preventDefault();
          post({ type: 'openLink', sessionId, href });
        }}
        onAuxClick={(event) => event.preventDefault()}
      >
        {children}
      </a>
      {!isItself && <span class="md-target"> ({target.shown})</span>}
    </>
  );
}

/** The text of what a link shows, as far as it can be told. */
function textOf(children: ComponentChildren): string {
  if (typeof children === 'string') return children;
  if (Array.isArray(children)) return children.map(textOf).join('');
  if (typeof children !== 'object' || children === null || !('props' in children)) return '';
  const props = children.props as { children?: ComponentChildren; token?: { raw: string } };
  return props.token?.raw ?? textOf(props.children);
}
