/** The JSON side of the switchboard of a running provider. */
export class RemoteSwitchboard {
  #address;

  constructor(issuer) {
    this.#address = new URL('/switchboard.json', issuer);
  }

  async state() {
    return (await fetch(this.#address)).json();
  }

  arm(fault, options = {}) {
    return fetch(this.#address, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ fault, ...options }),
    });
  }

  clear() {
    return fetch(this.#address, { method: 'DELETE' });
  }
}
