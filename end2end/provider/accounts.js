import { createHash } from 'node:crypto';

/**
 * Everybody who has signed in since the start. Any name makes an account, and the same name always
 * the same one, so that a test can come back as the same person after a restart.
 */
export class Accounts {
  #bySubject = new Map();

  #issuer;

  constructor(issuer) {
    this.#issuer = issuer;
  }

  /**
   * @param {string} typed a name; a question mark at its end means the e-mail is not verified
   * @param {{ emailVerified?: boolean }} [options]
   */
  signIn(typed, { emailVerified = true } = {}) {
    const name = typed.replace(/\?\s*$/, '').replace(/\s+/g, ' ').trim();
    const subject = subjectOf(name);
    const account = {
      subject,
      name,
      claims: {
        ...claimsOf(name, subject),
        picture: `${this.#issuer}/avatar/${subject}.svg`,
        email_verified: emailVerified && !/\?\s*$/.test(typed),
      },
    };
    this.#bySubject.set(subject, account);
    return account;
  }

  find(subject) {
    return this.#bySubject.get(subject);
  }
}

function subjectOf(name) {
  return `${slug(name) || 'person'}-${digest(name).toString('hex').slice(0, 8)}`;
}

function claimsOf(name, subject) {
  const words = name.split(' ');
  const [given] = words;
  const family = words.slice(1).join(' ');
  const username = slug(given) || subject;
  return {
    sub: subject,
    name,
    given_name: given,
    ...(family && { family_name: family }),
    preferred_username: username,
    email: `${username}@example.org`,
    phone_number: fictitiousNumber(name),
  };
}

/** From the range that is set aside for drama, so that nobody's telephone rings. */
function fictitiousNumber(name) {
  return `+447700900${String(digest(name).readUInt16BE(4) % 1000).padStart(3, '0')}`;
}

function slug(text) {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40);
}

function digest(name) {
  return createHash('sha256').update(name).digest();
}
