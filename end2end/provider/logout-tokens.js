/**
 * Logout tokens sent on demand (OpenID Connect Back-Channel Logout, section 2.5), good ones and those
 * that no library would write.
 */
import { randomUUID } from 'node:crypto';
import { assemble, sign, takeApart } from './jws.js';

const EVENT = 'http://schemas.openid.net/event/backchannel-logout';

/** What is wrong with each kind; the token it makes is of the person who got the last ID token. */
const KINDS = {
  valid: (claims, { keys }) => keys.sign(claims, { typ: 'logout+jwt' }),
  'alg-none': (claims) => assemble({ alg: 'none', typ: 'logout+jwt' }, claims, ''),
  'wrong-alg': (claims, { keys }) => sign({ ...keys.header, alg: 'HS256' }, claims,
    keys.current.publicKey.export({ format: 'pem', type: 'spki' })),
  'wrong-iss': (claims, { keys }) => keys.sign({ ...claims, iss: 'https://other-provider.example' }),
  'wrong-aud': (claims, { keys }) => keys.sign({ ...claims, aud: 'another-client' }),
  'no-event': (claims, { keys }) => keys.sign({ ...claims, events: undefined }),
  'wrong-event': (claims, { keys }) => keys.sign({
    ...claims, events: { 'http://schemas.openid.net/event/other': {} },
  }),
  'with-nonce': (claims, { keys }) => keys.sign({ ...claims, nonce: randomUUID() }),
};

/** The token that was sent last, once more. */
const REPLAY = 'replay';

export const LOGOUT_KINDS = [...Object.keys(KINDS), REPLAY];

/** A wish that can't be fulfilled; the message is for the person who has it. */
export class LogoutError extends Error {}

export class LogoutTokens {
  #about;

  #appOrigins;

  /** Claims of the last ID token. */
  #person;

  #last;

  constructor({ issuer, keys, appOrigins }) {
    this.#about = { issuer, keys };
    this.#appOrigins = appOrigins;
  }

  /** Between the faults and the library: notes whom the last ID token was about. */
  note() {
    return async (ctx, next) => {
      await next();
      if (ctx.status === 200 && ctx.oidc?.route === 'token' && ctx.body?.id_token) {
        this.#person = takeApart(ctx.body.id_token).claims;
      }
    };
  }

  /**
   * Sends a token to the app at this origin, and tells what it answered.
   *
   * @param {{ kind: string, origin: string }} wanted
   * @returns {Promise<{ status: number, body: string, cacheControl: string | null }>}
   */
  async send({ kind, origin }) {
    if (!LOGOUT_KINDS.includes(kind)) throw new LogoutError(`"kind" must be one of ${LOGOUT_KINDS.join(', ')}.`);
    if (!this.#appOrigins.includes(origin)) throw new LogoutError('"origin" must be that of an app of this provider.');
    const token = kind === REPLAY ? this.#last : this.#make(kind);
    if (!token) throw new LogoutError('Nobody has signed in yet, or nothing was sent.');
    this.#last = token;
    const answer = await fetch(`${origin}/backchannel-logout`, {
      method: 'POST', redirect: 'manual', body: new URLSearchParams({ logout_token: token }),
    });
    return {
      status: answer.status, body: await answer.text(), cacheControl: answer.headers.get('cache-control'),
    };
  }

  #make(kind) {
    if (!this.#person) return undefined;
    const { sub, sid, aud } = this.#person;
    const now = Math.floor(Date.now() / 1000);
    return KINDS[kind]({
      iss: this.#about.issuer, aud, sub, sid, iat: now, exp: now + 120, jti: randomUUID(), events: { [EVENT]: {} },
    }, this.#about);
  }
}
