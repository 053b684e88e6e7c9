import { createHash, randomBytes } from 'node:crypto';

/** The app's half of the sign-in, as a test plays it. */
export class App {
  /** @param {{ issuer: string, clientId?: string, secret?: string, origin?: string }} options */
  constructor({ issuer, clientId = 'wrengate-dev', secret, origin = 'http://127.0.0.1:3000' }) {
    Object.assign(this, { issuer, clientId, secret, redirectUri: `${origin}/callback` });
  }

  /** Begins a sign-in and gives the address to send the browser to. */
  begin(more = {}) {
    this.verifier = randomBytes(32).toString('base64url');
    this.state = randomBytes(16).toString('base64url');
    const url = new URL('/auth', this.issuer);
    url.search = new URLSearchParams({
      response_type: 'code',
      client_id: this.clientId,
      redirect_uri: this.redirectUri,
      scope: 'openid profile email phone',
      state: this.state,
      code_challenge: createHash('sha256').update(this.verifier).digest('base64url'),
      code_challenge_method: 'S256',
      ...more,
    });
    return url;
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
    return fetch(`${this.issuer}/me`, { headers: { authorization: `Bearer ${accessToken}` } });
  }

  #post(path, fields) {
    const basic = Buffer.from(`${encoded(this.clientId)}:${encoded(this.secret)}`).toString('base64');
    return fetch(this.issuer + path, {
      method: 'POST',
      redirect: 'manual',
      headers: this.secret ? { authorization: `Basic ${basic}` } : {},
      body: new URLSearchParams(this.secret ? fields : { ...fields, client_id: this.clientId }),
    });
  }
}

/** RFC 6749 section 2.3.1 encodes both as in a form before they are joined. */
function encoded(text) {
  return new URLSearchParams({ text }).toString().slice('text='.length);
}

/** Signs in through whatever pages come, and gives the address that leads back to the app. */
export async function signIn(browser, app, { name = 'Ada Lovelace', decision = 'allow', ...more } = {}) {
  let page = await browser.visit(app.begin(more), { origin: app.issuer });
  for (let pages = 0; page.text !== undefined && pages < 4; pages += 1) {
    const fields = page.text.includes('name="decision"') ? { decision } : { name };
    page = await browser.submit(page, fields);
  }
  return page.url;
}
