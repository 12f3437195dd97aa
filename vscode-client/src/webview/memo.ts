/** Draws a part again only where its values differ; by identity, or as `same` says. */
import { Component, h, type ComponentChild, type FunctionComponent } from 'preact';

export function memo<P extends object>(
  part: (props: P) => ComponentChild,
  same: (before: P, after: P) => boolean = shallowSame,
): FunctionComponent<P> {
  class Memo extends Component<P> {
    override shouldComponentUpdate(next: P): boolean {
      return !same(this.props, next);
    }
    override render(): ComponentChild {
      return h(part as FunctionComponent<P>, this.props);
    }
  }
  return Memo as unknown as FunctionComponent<P>;
}

function shallowSame<P extends object>(before: P, after: P): boolean {
  const names = Object.keys(after) as (keyof P)[];
  return names.length === Object.keys(before).length && names.every((name) => before[name] === after[name]);
}
