import { isResumption, LEGS } from './legs.js';

const KEPT = 200;

/** What the provider was asked, without a single value that a sign-in depends on. */
export class RequestLog {
  #entries = [];

  #counts = noCounts();

  /** Noted before the answer, so that a request that hangs can be seen. */
  begin(ctx, leg) {
    if (!isResumption(ctx.path)) this.#counts[leg] += 1;
    const entry = {
      leg,
      method: ctx.method,
      path: isResumption(ctx.path) ? '/auth/:id' : ctx.path,
      at: new Date().toISOString(),
      status: null,
      params: Object.keys(ctx.query),
      headers: headersOf(ctx),
    };
    this.#entries.push(entry);
    if (this.#entries.length > KEPT) this.#entries.shift();
    return entry;
  }

  /** @param {object} entry @param {string[]} bodyParams names of the fields of the body */
  end(entry, ctx, bodyParams) {
    entry.params = [...new Set([...entry.params, ...bodyParams])];
    entry.status = ctx.respond === false && !ctx.headerSent ? null : ctx.status;
  }

  get counts() {
    return { ...this.#counts };
  }

  /** Oldest first. */
  get entries() {
    return [...this.#entries];
  }

  clear() {
    this.#entries = [];
    this.#counts = noCounts();
  }
}

function noCounts() {
  return Object.fromEntries(LEGS.map((leg) => [leg, 0]));
}

function headersOf(ctx) {
  const scheme = /^[a-z]+(?= )/i.exec(ctx.get('authorization'))?.[0];
  return {
    ...(ctx.get('content-type') && { 'content-type': ctx.get('content-type') }),
    ...(ctx.get('accept') && { accept: ctx.get('accept') }),
    ...(scheme && { authorization: scheme }),
  };
}
