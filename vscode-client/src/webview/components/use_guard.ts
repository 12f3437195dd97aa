/** The guard of one card: told of everything that moves it. */
import type { RefObject } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { announce } from './announcer.js';
import { PressGuard } from './guard.js';

export interface Guarded {
  readonly onPointerDown: () => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
  /** Runs `act` where the press counts. */
  readonly press: (act: () => void) => () => void;
  /** The last press did not count. */
  readonly refused: boolean;
}

/** `element` is what must have stayed in its place: the row of buttons. */
export function useGuard(element: RefObject<HTMLElement | null>): Guarded {
  const guard = useRef<PressGuard | undefined>(undefined);
  const [refused, setRefused] = useState(false);
  guard.current ??= new PressGuard(performance.now());
  const measure = (): void => {
    const box = element.current?.getBoundingClientRect();
    if (box !== undefined) guard.current?.at(box, performance.now());
  };

  useLayoutEffect(() => {
    measure();
    const scroller = element.current?.closest('.transcript');
    const content = scroller?.querySelector('.turns');
    const resized = new ResizeObserver(measure);
    for (const one of [scroller, content]) if (one) resized.observe(one);
    const seen = (): void => guard.current?.restart(performance.now());
    scroller?.addEventListener('scroll', measure, { passive: true });
    document.addEventListener('visibilitychange', seen);
    return () => {
      resized.disconnect();
      scroller?.removeEventListener('scroll', measure);
      document.removeEventListener('visibilitychange', seen);
    };
  }, []);

  return {
    onPointerDown: () => {
      measure();
      guard.current?.down(performance.now());
    },
    onKeyDown: (event) => {
      if (event.key !== 'Enter' && event.key !== ' ') return;
      measure();
      guard.current?.down(performance.now(), event.repeat);
      if (event.repeat) event.preventDefault();
    },
    press: (act) => () => {
      measure();
      const taken = guard.current?.takes(performance.now()) ?? false;
      setRefused(!taken);
      if (taken) act();
      else announce('Not taken: this had only just come or moved. Press again.');
    },
    refused,
  };
}
