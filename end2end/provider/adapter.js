/**
 * In-memory storage with expiry. The library's own keeps a thousand entries for all models
 * together, so a long test run would lose sessions and refresh tokens.
 */

const SWEEP_EVERY_WRITES = 2000;
const BELONGS_TO_GRANT = new Set(['AccessToken', 'AuthorizationCode', 'RefreshToken']);

/** @returns {(model: string) => object} adapters that share one store */
export function memoryAdapters(now = Date.now) {
  const store = new Store(now);
  return (model) => new MemoryAdapter(model, store);
}

class Store {
  #entries = new Map();

  #writes = 0;

  #now;

  constructor(now) {
    this.#now = now;
  }

  get(key) {
    const entry = this.#entries.get(key);
    if (entry && entry.expiresAt <= this.#now()) {
      this.#entries.delete(key);
      return undefined;
    }
    return entry?.value;
  }

  set(key, value, secondsToLive = Infinity) {
    this.#writes += 1;
    if (this.#writes % SWEEP_EVERY_WRITES === 0) this.#sweep();
    this.#entries.set(key, { value, expiresAt: this.#now() + secondsToLive * 1000 });
  }

  delete(key) {
    this.#entries.delete(key);
  }

  get size() {
    return this.#entries.size;
  }

  #sweep() {
    for (const key of [...this.#entries.keys()]) this.get(key);
  }
}

class MemoryAdapter {
  #model;

  #store;

  constructor(model, store) {
    this.#model = model;
    this.#store = store;
  }

  async upsert(id, payload, expiresIn) {
    this.#store.set(this.#key(id), payload, expiresIn);
    if (this.#model === 'Session') this.#store.set(`uid:${payload.uid}`, id, expiresIn);
    if (payload.grantId && BELONGS_TO_GRANT.has(this.#model)) this.#addToGrant(payload.grantId, id);
  }

  async find(id) {
    return this.#store.get(this.#key(id));
  }

  async findByUid(uid) {
    return this.find(this.#store.get(`uid:${uid}`));
  }

  /** Only the device flow asks, which is off. */
  async findByUserCode() {
    return undefined;
  }

  async consume(id) {
    const payload = this.#store.get(this.#key(id));
    if (payload) payload.consumed = Math.floor(Date.now() / 1000);
  }

  async destroy(id) {
    this.#store.delete(this.#key(id));
  }

  async revokeByGrantId(grantId) {
    for (const key of this.#store.get(`grant:${grantId}`) ?? []) this.#store.delete(key);
    this.#store.delete(`grant:${grantId}`);
  }

  #addToGrant(grantId, id) {
    const index = `grant:${grantId}`;
    const members = this.#store.get(index) ?? new Set();
    members.add(this.#key(id));
    this.#store.set(index, members, GRANT_INDEX_SECONDS);
  }

  #key(id) {
    return `${this.#model}:${id}`;
  }
}

/** Longer than anything that belongs to a grant lives. */
const GRANT_INDEX_SECONDS = 15 * 24 * 60 * 60;
