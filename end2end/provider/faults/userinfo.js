/** Faults of the userinfo endpoint. */
import { assemble } from '../jws.js';
import {
  altered, held, hungUp, insteadJson, insteadText, rewritten,
} from './ways.js';

const SLOW_MS = 20_000;

const ERRORS = [
  lasting('userinfo-401', 'Status 401', 'access-ended',
    'Refuses the access token with invalid_token.',
    insteadJson(401, { error: 'invalid_token' }, { 'WWW-Authenticate': 'Bearer error="invalid_token"' })),
  fault('userinfo-403', 'Status 403', 'profile-refused',
    'Refuses with insufficient_scope.',
    insteadJson(403, { error: 'insufficient_scope', scope: 'profile' }, {
      'WWW-Authenticate': 'Bearer error="insufficient_scope", scope="profile"',
    })),
  lasting('userinfo-500', 'Status 500', 'provider-fault',
    'Answers 500.', insteadJson(500, { message: 'out of order' })),
  lasting('userinfo-503', 'Status 503', 'provider-busy',
    'Answers 503 without saying when to come back.', insteadText(503, 'text/plain', 'busy')),
  fault('userinfo-429', 'Status 429', 'provider-limit',
    'Answers 429 with Retry-After: 7.', insteadText(429, 'text/plain', '', { 'Retry-After': '7' })),
  { ...lasting('userinfo-slow', 'Slow answer', 'provider-timeout',
    'Says nothing for a while.', held),
  delayMs: SLOW_MS },
  lasting('userinfo-reset', 'Connection lost', 'provider-unreachable',
    'Breaks the connection without an answer.', hungUp),
];

const UNREADABLE = [
  unreadable('userinfo-html', 'HTML', 'Answers 200 with a page.',
    insteadText(200, 'text/html', '<!doctype html><title>Welcome</title><h1>Welcome</h1>')),
  unreadable('userinfo-malformed', 'Malformed JSON', 'Answers 200 with a body that is no JSON.',
    insteadText(200, 'application/json', '{"sub": yes please')),
  unreadable('userinfo-empty', 'Empty body', 'Answers 200 with JSON of no length.',
    insteadText(200, 'application/json', '')),
  unreadable('userinfo-null', 'null', 'Answers 200 with the JSON value null.',
    insteadText(200, 'application/json', 'null')),
  unreadable('userinfo-jwt', 'Signed answer', 'Answers with a JWT under the real key, which nobody asked for.',
    rewritten((body, ctx, { keys, issuer }) => sendJwt(ctx, keys.sign({ ...body, iss: issuer })))),
  unreadable('userinfo-jwt-none', 'Unsigned JWT', 'Answers with a JWT of alg none.',
    rewritten((body, ctx) => sendJwt(ctx, assemble({ alg: 'none', typ: 'JWT' }, body, '')))),
  unreadable('userinfo-lone-surrogate', 'Half a character', 'Gives a name that ends in a lone surrogate.',
    rewritten((body, ctx) => {
      ctx.body = JSON.stringify({ ...body, name: 'NAME' }).replace('"NAME"', '"Ada \\ud800"');
      ctx.set('Content-Type', 'application/json');
    })),
];

const SUBJECTS = [
  fault('userinfo-no-sub', 'No subject', 'subject-mismatch',
    'Leaves out sub.', altered((body) => ({ ...body, sub: undefined }))),
  fault('userinfo-number-sub', 'Subject as a number', 'subject-mismatch',
    'Gives sub as a number.', altered((body) => ({ ...body, sub: 42 }))),
  fault('userinfo-empty-sub', 'Empty subject', 'subject-mismatch',
    'Gives a sub without a character.', altered((body) => ({ ...body, sub: '' }))),
  fault('userinfo-other-sub', 'Another subject', 'subject-mismatch',
    'Adds “invalid” to sub, so that it is not that of the ID token.',
    altered((body) => ({ ...body, sub: `${body.sub}invalid` }))),
  fault('userinfo-clerk-old', 'Old shape of Clerk', null,
    'Names the person in user_id and not in sub; the sign-in goes on, because the ID token names the same.',
    altered(({ sub, ...body }) => ({ ...clerkShaped(body), user_id: sub }))),
];

/** As Clerk answers: names of its own beside the standard's, and metadata that is nobody's business. */
export function clerkShaped({ preferred_username: username, ...claims }) {
  return {
    object: 'oauth_user_info',
    instance_id: 'ins_development',
    ...claims,
    username,
    public_metadata: {},
    private_metadata: { note: 'private-metadata-must-not-be-seen' },
  };
}

export const USERINFO_FAULTS = [...ERRORS, ...UNREADABLE, ...SUBJECTS];

export function fault(name, title, failure, description, run) {
  return { leg: 'userinfo', name, title, failure, description, times: 1, run };
}

/** The app repeats these calls, so a single one wouldn't be seen. */
function lasting(...words) {
  return { ...fault(...words), times: 'always' };
}

function unreadable(name, title, description, run) {
  return fault(name, title, 'answer-unreadable', description, run);
}

function sendJwt(ctx, token) {
  ctx.body = token;
  ctx.set('Content-Type', 'application/jwt');
}
