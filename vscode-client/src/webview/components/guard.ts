/**
 * Keeps a press from being taken for an answer to something that was not there when it was begun.
 *
 * A press counts only where what it is on has been in its place for a while: long enough to have been seen.
 * Keys that repeat by being held down never count.
 */
export const SETTLED_MS = 400;

const MOVED_PX = 3;

export interface Place {
  readonly left: number;
  readonly top: number;
}

export class PressGuard {
  #since: number;
  #place: Place | undefined;
  #began: number | undefined;
  #isHeld = false;

  /** `now` is when it appeared; all times in milliseconds. */
  constructor(now: number) {
    this.#since = now;
  }

  /** Where it is now; being somewhere else than before begins the wait anew. */
  at(place: Place, now: number): void {
    const before = this.#place;
    this.#place = place;
    if (before === undefined) return;
    if (Math.abs(before.left - place.left) > MOVED_PX || Math.abs(before.top - place.top) > MOVED_PX) this.#since = now;
  }

  /** The person looked elsewhere, and looks again. */
  restart(now: number): void {
    this.#since = now;
    this.#began = undefined;
  }

  /** A pointer or a key went down on it. */
  down(now: number, isRepeat = false): void {
    if (isRepeat) this.#isHeld = true;
    else [this.#began, this.#isHeld] = [now, false];
  }

  /** Whether what follows a press, or comes from a screen reader without one, is an answer. */
  takes(now: number): boolean {
    const began = this.#began ?? now;
    const isHeld = this.#isHeld;
    [this.#began, this.#isHeld] = [undefined, false];
    return !isHeld && began - this.#since >= SETTLED_MS;
  }
}
