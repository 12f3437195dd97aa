/** Holds the state; many messages of one frame are one change of it. */
import { EMPTY, type State } from './state/model.js';
import { reduce, type Action } from './state/reducer.js';

export class Store {
  #state: State = EMPTY;
  #queue: Action[] = [];
  #isScheduled = false;
  readonly #changed: (state: State) => void;

  constructor(changed: (state: State) => void) {
    this.#changed = changed;
  }

  get state(): State {
    return this.#state;
  }

  /** Take an action with the next frame. */
  dispatch(action: Action): void {
    this.#queue.push(action);
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    // Frames are not drawn while the page is hidden; then nobody waits for them.
    if (document.visibilityState === 'hidden') setTimeout(() => this.#run());
    else requestAnimationFrame(() => this.#run());
  }

  /** Take an action, and all before it, now. */
  dispatchNow(action: Action): void {
    this.#queue.push(action);
    this.#run();
  }

  #run(): void {
    this.#isScheduled = false;
    const actions = this.#queue;
    this.#queue = [];
    const before = this.#state;
    this.#state = actions.reduce(reduce, before);
    if (this.#state !== before) this.#changed(this.#state);
  }
}
