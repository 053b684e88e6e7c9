/** Faults of the token endpoint in which the answer is good but for one thing. */
import { ELSEWHERE } from '../switchboard/legs.js';
import {
  altered, instead, insteadText, rewritten,
} from './ways.js';

const MEGABYTE = 1024 * 1024;

export const TOKEN_ANSWERS = [
  unreadable('token-html', 'HTML', 'Answers 200 with a page.',
    insteadText(200, 'text/html', '<!doctype html><title>Welcome</title><h1>Welcome</h1>')),
  unreadable('token-malformed', 'Malformed JSON', 'Answers 200 with a body that is no JSON.',
    insteadText(200, 'application/json', '{"access_token": yes please')),
  unreadable('token-truncated', 'Half the JSON',
    'Sends the first half of the answer as if it were the whole of it.',
    rewritten((body, ctx) => {
      const text = JSON.stringify(body);
      sendText(ctx, text.slice(0, text.length / 2));
    })),
  unreadable('token-text-plain', 'Plain text', 'Sends the answer as text/plain.',
    rewritten((body, ctx) => sendText(ctx, JSON.stringify(body), 'text/plain'))),
  unreadable('token-duplicate-key', 'Key twice', 'Gives access_token twice, the first a lie.',
    rewritten((body, ctx) => sendText(ctx, `{"access_token":"first",${JSON.stringify(body).slice(1)}`))),
  unreadable('token-huge', 'Ten megabytes', 'Sends an access token of ten megabytes.',
    rewritten((body, ctx) => sendText(ctx, JSON.stringify({
      ...body, access_token: 'a'.repeat(10 * MEGABYTE),
    })))),
  unreadable('token-mac-type', 'Token type mac', 'Gives mac as the type of the token.',
    altered((body) => ({ ...body, token_type: 'mac' }))),
  unreadable('token-no-access-token', 'No access token', 'Leaves out access_token.',
    altered((body) => ({ ...body, access_token: undefined }))),
  unreadable('token-zero-expiry', 'Expired at once', 'Says that the token lives for 0 seconds.',
    altered((body) => ({ ...body, expires_in: 0 }))),
  unreadable('token-redirect', 'Redirect',
    'Answers 302 to another path; whoever follows is counted there as “elsewhere”.',
    instead((ctx, { base }) => {
      ctx.redirect(base + ELSEWHERE);
      ctx.status = 302;
    })),
  unreadable('token-bom', 'Byte order mark', 'Puts a byte order mark in front of the JSON.',
    rewritten((body, ctx) => sendText(ctx, `\uFEFF${JSON.stringify(body)}`))),

  harmless('token-no-expiry', 'No expiry', 'Leaves out expires_in.',
    altered((body) => ({ ...body, expires_in: undefined }))),
  harmless('token-string-expiry', 'Expiry as a string', 'Gives expires_in as a string.',
    altered((body) => ({ ...body, expires_in: String(body.expires_in) }))),
  harmless('token-short-expiry', 'Five seconds', 'Says that the token lives for 5 seconds.',
    altered((body) => ({ ...body, expires_in: 5 }))),
  harmless('token-charset', 'With a charset', 'Sends application/json; charset=UTF-8.',
    rewritten((body, ctx) => sendText(ctx, JSON.stringify(body), 'application/json; charset=UTF-8'))),
  harmless('token-lowercase-bearer', 'Type bearer', 'Spells the type of the token in lower case.',
    altered((body) => ({ ...body, token_type: 'bearer' }))),
];

function unreadable(name, title, description, run) {
  return fault(name, title, 'answer-unreadable', description, run);
}

function harmless(name, title, description, run) {
  return fault(name, title, null, description, run);
}

function fault(name, title, failure, description, run) {
  return { leg: 'token', name, title, failure, description, times: 1, run };
}

function sendText(ctx, text, type = 'application/json') {
  ctx.body = text;
  ctx.set('Content-Type', type);
}
