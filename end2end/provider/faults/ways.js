/**
 * The ways in which a leg can go wrong. Each gives the `run` of a fault: a middleware in front of
 * the library that also gets what is armed and the issuer.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { takeApart } from '../jws.js';

/** Answers in place of the library, which never hears of the request. */
export function instead(answer) {
  return (ctx, _next, armed) => answer(ctx, armed);
}

/** @param {object} [headers] */
export function insteadJson(status, body, headers = {}) {
  return instead((ctx) => {
    ctx.status = status;
    ctx.set(headers);
    ctx.body = body;
  });
}

export function insteadText(status, type, body, headers = {}) {
  return instead((ctx) => {
    ctx.status = status;
    ctx.set(headers);
    ctx.type = type;
    ctx.body = body;
  });
}

/** Changes the fields of a good answer; an answer that is an error already is left as it is. */
export function altered(alter) {
  return rewritten((body, ctx, armed) => {
    ctx.body = alter({ ...body }, armed);
  });
}

/** Writes a good answer anew, as bytes of any kind. */
export function rewritten(rewrite) {
  return async (ctx, next, armed) => {
    await next();
    if (ctx.status === 200) await rewrite(ctx.body, ctx, armed);
  };
}

/**
 * Writes the ID token of a good answer anew. `rewrite` gets its claims, and with what is armed the
 * token as it was and the access token beside it.
 */
export function resigned(rewrite) {
  return rewritten(async (body, ctx, armed) => {
    const { id_token: token, access_token: accessToken } = body;
    if (!token) return;
    const about = { ...armed, token, accessToken };
    ctx.body = { ...body, id_token: await rewrite(takeApart(token).claims, about) };
  });
}

/** Keeps the request for a while, then lets the library answer whoever is still there. */
export async function held(ctx, next, { delayMs }) {
  const gone = new AbortController();
  ctx.res.once('close', () => gone.abort());
  try {
    await pause(delayMs, undefined, { signal: gone.signal, ref: false });
  } catch {
    ctx.respond = false;
    return;
  }
  await next();
}

/** Breaks the connection without an answer. */
export function hungUp(ctx) {
  ctx.respond = false;
  ctx.req.socket.destroy();
}

/** The library does its part, so a code is spent, but nobody learns the answer. */
export async function answerLost(ctx, next) {
  await next();
  hungUp(ctx);
}

/** Promises the whole body and sends it byte by byte, a byte a second. */
export async function dripped(ctx, next) {
  await next();
  const bytes = Buffer.from(JSON.stringify(ctx.body));
  // Past Koa, which would report it as an error that the app hangs up.
  ctx.respond = false;
  ctx.res.setHeader('Content-Type', 'application/json');
  ctx.res.setHeader('Content-Length', bytes.length);
  drip(ctx.res, bytes);
}

function drip(response, bytes) {
  let sent = 0;
  const next = () => {
    response.write(bytes.subarray(sent, sent + 1));
    sent += 1;
    if (sent === bytes.length) response.end();
  };
  next();
  const timer = setInterval(next, 1000).unref();
  response.once('close', () => clearInterval(timer));
  response.once('finish', () => clearInterval(timer));
}
