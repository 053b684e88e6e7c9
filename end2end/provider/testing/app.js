import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { sign } from '../jws.js';

/** The app's half of the sign-in, as a test plays it. */
export class App {
  /**
   * @param {object} options
   * @param {string} options.issuer
   * @param {string} [options.secret] sent by Basic authentication, or in the body with `post`
   * @param {import('node:crypto').KeyObject} [options.key] ES256 key that signs assertions
   */
  constructor({
    issuer, clientId = 'wrengate-dev', secret, post = false, key, origin = 'http://127.0.0.1:3000',
  }) {
    Object.assign(this, {
      issuer, clientId, secret, post, key, redirectUri: `${origin}/callback`,
    });
    this.base = issuer.replace(/\/$/, '');
  }

  /** Begins a sign-in and gives the address to send the browser to. */
  begin(more = {}) {
    return this.#authorization(this.#request(more));
  }

  /** The same with the request pushed (RFC 9126), of which the address holds a reference. */
  async beginPushed(more = {}) {
    const { request_uri: requestUri } = await (await this.#post('/request', this.#request(more))).json();
    return this.#authorization({ client_id: this.clientId, request_uri: requestUri });
  }

  exchange(code) {
    return this.#post('/token', {
      grant_type: 'authorization_code',
      code,
      redirect_uri: this.redirectUri,
      code_verifier: this.verifier,
    });
  }

  refresh(refreshToken) {
    return this.#post('/token', { grant_type: 'refresh_token', refresh_token: refreshToken });
  }

  revoke(token) {
    return this.#post('/token/revocation', { token });
  }

  userinfo(accessToken) {
    return fetch(`${this.base}/me`, { headers: { authorization: `Bearer ${accessToken}` } });
  }

  #request(more) {
    this.verifier = randomBytes(32).toString('base64url');
    this.state = randomBytes(16).toString('base64url');
    return {
      response_type: 'code',
      client_id: this.clientId,
      redirect_uri: this.redirectUri,
      scope: 'openid profile email phone',
      state: this.state,
      code_challenge: createHash('sha256').update(this.verifier).digest('base64url'),
      code_challenge_method: 'S256',
      ...more,
    };
  }

  #authorization(params) {
    const url = new URL(`${this.base}/auth`);
    url.search = new URLSearchParams(params);
    return url;
  }

  #post(path, fields) {
    const basic = Buffer.from(`${encoded(this.clientId)}:${encoded(this.secret)}`).toString('base64');
    const isBasic = this.secret && !this.post;
    return fetch(this.base + path, {
      method: 'POST',
      redirect: 'manual',
      headers: isBasic ? { authorization: `Basic ${basic}` } : {},
      body: new URLSearchParams(isBasic ? fields : { ...fields, ...this.#credentials() }),
    });
  }

  /** What stands in the body: RFC 6749, section 2.3.1; RFC 7523, section 2.2. */
  #credentials() {
    if (this.secret) return { client_id: this.clientId, client_secret: this.secret };
    if (!this.key) return { client_id: this.clientId };
    const now = Math.floor(Date.now() / 1000);
    const claims = {
      iss: this.clientId, sub: this.clientId, aud: this.issuer, jti: randomUUID(), iat: now, exp: now + 60,
    };
    return {
      client_id: this.clientId,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: sign({ alg: 'ES256', typ: 'JWT' }, claims, this.key),
    };
  }
}

/** RFC 6749 section 2.3.1 encodes both as in a form before they are joined. */
function encoded(text) {
  return new URLSearchParams({ text }).toString().slice('text='.length);
}

/** Signs in through whatever pages come, and gives the address that leads back to the app. */
export async function signIn(browser, app, { name, decision, ...more } = {}) {
  return throughPages(browser, app.begin(more), { name, decision });
}

/** The same from an address that begins a sign-in. */
export async function throughPages(browser, address, { name = 'Ada Lovelace', decision = 'allow' } = {}) {
  const { origin } = address;
  let page = await browser.visit(address, { origin });
  for (let pages = 0; page.text !== undefined && pages < 4; pages += 1) {
    const fields = page.text.includes('name="decision"') ? { decision } : { name };
    page = await browser.submit(page, fields);
  }
  return page.url;
}
