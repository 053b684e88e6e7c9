/** As much of a browser as signing in takes: cookies, redirects and forms. */
export class Browser {
  #cookies = new Map();

  /**
   * Follows redirects until a page comes, or an address that isn't the provider's.
   *
   * @returns {Promise<{ url: URL, status?: number, text?: string, headers?: Headers }>}
   */
  async visit(address, { origin, ...init } = {}) {
    let url = new URL(address);
    let request = init;
    for (let hops = 0; hops < 10; hops += 1) {
      if (origin && url.origin !== origin) return { url };
      const response = await this.#send(url, request);
      const location = response.headers.get('location');
      if (!location) {
        return { url, status: response.status, text: await response.text(), headers: response.headers };
      }
      url = new URL(location, url);
      request = {};
    }
    throw new Error(`too many redirects, the last to ${url.origin}${url.pathname}`);
  }

  submit(page, fields) {
    const action = /<form[^>]* action="([^"]+)"/.exec(page.text)?.[1];
    return this.visit(new URL(action, page.url), {
      origin: page.url.origin, method: 'POST', body: new URLSearchParams(fields),
    });
  }

  get cookieNames() {
    return [...this.#cookies.values()].map(({ name }) => name);
  }

  async #send(url, init) {
    const cookie = [...this.#cookies.values()]
      .filter(({ path }) => url.pathname.startsWith(path))
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ');
    const response = await fetch(url, {
      ...init, redirect: 'manual', headers: { accept: 'text/html', ...init.headers, cookie },
    });
    for (const header of response.headers.getSetCookie()) this.#keep(header);
    return response;
  }

  #keep(header) {
    const [pair, ...attributes] = header.split('; ');
    const [name, value] = pair.split(/=(.*)/s);
    const path = attributes.find((attribute) => /^path=/i.test(attribute))?.slice(5) ?? '/';
    const key = `${path} ${name}`;
    if (value === '') this.#cookies.delete(key);
    else this.#cookies.set(key, { name, value, path });
  }
}
