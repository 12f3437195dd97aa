/** How long to wait before the server is started again, and when to leave it. */

const FIRST_MS = 500;
const LONGEST_MS = 15_000;
/** So many crashes within this time, and it is not started again by itself. */
const CRASHES = 6;
const WITHIN_MS = 180_000;

export class Backoff {
  #crashes: number[] = [];

  /** Milliseconds until the next start; undefined where it has crashed too often. */
  crashed(nowMs: number): number | undefined {
    this.#crashes = [...this.#crashes.filter((at) => nowMs - at < WITHIN_MS), nowMs];
    if (this.#crashes.length >= CRASHES) return undefined;
    return Math.min(FIRST_MS * 2 ** (this.#crashes.length - 1), LONGEST_MS);
  }

  /** A person wants it started: what was before does not count. */
  reset(): void {
    this.#crashes = [];
  }
}
