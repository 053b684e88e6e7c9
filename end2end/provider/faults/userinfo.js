/** Faults of the userinfo endpoint. */
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
  unreadable('userinfo-jwt', 'Signed answer', 'Answers with a JWT, which nobody asked for.',
    rewritten((body, ctx) => {
      ctx.body = [{ alg: 'RS256', typ: 'JWT' }, body, 'no signature fits']
        .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
      ctx.set('Content-Type', 'application/jwt');
    })),
];

const SUBJECTS = [
  fault('userinfo-no-sub', 'No subject', 'subject-mismatch',
    'Leaves out sub.', altered((body) => ({ ...body, sub: undefined }))),
  fault('userinfo-number-sub', 'Subject as a number', 'subject-mismatch',
    'Gives sub as a number.', altered((body) => ({ ...body, sub: 42 }))),
];

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
