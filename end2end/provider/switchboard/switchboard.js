import { FAULTS } from '../faults/index.js';

/** A request to the switchboard that it can't fulfil; the message is for the person who sent it. */
export class SwitchboardError extends Error {}

const MOST_MILLISECONDS = 10 * 60 * 1000;

/** What is armed, and for how many requests more. */
export class Switchboard {
  #armed = new Map();

  /**
   * @param {string} name
   * @param {{ times?: number | 'always', delayMs?: number, value?: string, oneSignIn?: boolean }} [options]
   */
  arm(name, {
    times = 1, delayMs, value, oneSignIn = false,
  } = {}) {
    const fault = FAULTS.find((known) => known.name === name);
    if (!fault) throw new SwitchboardError(`There is no fault named "${name}".`);
    if (times !== 'always' && !(Number.isInteger(times) && times > 0)) {
      throw new SwitchboardError('"times" must be a whole number above 0, or "always".');
    }
    if (delayMs !== undefined && !(delayMs >= 0 && delayMs <= MOST_MILLISECONDS)) {
      throw new SwitchboardError(`"delay_ms" must be from 0 to ${MOST_MILLISECONDS}.`);
    }
    if (fault.parameter && (typeof value !== 'string' || value === '')) {
      throw new SwitchboardError(`"${name}" needs a "value": ${fault.parameter}.`);
    }
    this.#armed.delete(name);
    this.#armed.set(name, {
      fault, remaining: times, delayMs: delayMs ?? fault.delayMs, value, oneSignIn,
    });
  }

  /**
   * What was armed for one sign-in is over when the one after it begins, whether it was met or not.
   *
   * @param {string} query of the authorization request: a page that is loaded again begins nothing
   */
  signInBegins(query) {
    for (const [name, armed] of this.#armed) {
      if (armed.oneSignIn && (armed.query ?? query) !== query) this.#armed.delete(name);
      armed.query = query;
    }
  }

  /** The fault for this request of the leg, the one armed first; it counts as used. */
  take(leg) {
    const armed = [...this.#armed.values()].find(({ fault }) => fault.leg === leg);
    if (!armed || armed.remaining === 'always') return armed;
    armed.remaining -= 1;
    if (armed.remaining === 0) this.#armed.delete(armed.fault.name);
    return armed;
  }

  /** Whether a fault of this leg is armed. */
  awaits(leg) {
    return [...this.#armed.values()].some(({ fault }) => fault.leg === leg);
  }

  get armed() {
    return [...this.#armed.values()].map(({ fault, remaining, delayMs, value }) => ({
      name: fault.name,
      remaining,
      ...(delayMs !== undefined && { delay_ms: delayMs }),
      ...(value !== undefined && { value }),
    }));
  }

  clear() {
    this.#armed.clear();
  }
}
