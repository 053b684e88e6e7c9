import { readBody, readForm } from '../form.js';
import { isResumption, legOf } from './legs.js';

/**
 * Runs in front of the library: notes each request, and lets an armed fault stand in for the
 * answer, alter it, or break the connection.
 */
export function applyFaults({
  place, appOrigins, clientSecret, keys, switchboard, requestLog,
}) {
  const about = { issuer: place.issuer, base: place.base, clientSecret, keys };
  const callbacks = appOrigins.map((origin) => `${origin}/callback`);

  return async (ctx, next) => {
    const leg = legOf(ctx);
    const entry = leg && requestLog.begin(ctx, leg);
    if (leg === 'authorize' && !isResumption(ctx.path)) switchboard.signInBegins(ctx.querystring);
    try {
      const down = switchboard.take('whole');
      if (down) {
        await down.fault.run(ctx);
      } else if (leg === 'authorize') {
        await next();
        await alterAnswer(ctx);
      } else {
        const armed = leg && (await ofRefresh(ctx, leg) ?? switchboard.take(leg));
        await (armed ? armed.fault.run(ctx, next, { ...armed, ...about }) : next());
      }
    } finally {
      if (entry) requestLog.end(entry, ctx, await bodyParams(ctx));
    }
  };

  /** The fault that a refresh token meets; without one, a refresh meets those of a code. */
  async function ofRefresh(ctx, leg) {
    if (leg !== 'token' || !switchboard.awaits('refresh')) return undefined;
    // A body can be read once; the library takes what was read from here.
    ctx.req.body = await readBody(ctx);
    const { grant_type: grant } = fieldsOf(ctx.req.body);
    return grant === 'refresh_token' ? switchboard.take('refresh') : undefined;
  }

  /** Of the many redirects of a sign-in only the last one, to the app, is the answer. */
  async function alterAnswer(ctx) {
    const location = ctx.response.get('location') ?? '';
    if (!callbacks.some((callback) => location.startsWith(`${callback}?`))) return;
    const armed = switchboard.take('authorize');
    if (!armed) return;
    const url = new URL(location);
    await armed.fault.alter(url.searchParams, { ...armed, ...about });
    ctx.redirect(url.href);
    ctx.status = 303;
  }
}

/** The library keeps the body it has read; a fault that answered alone has left it unread. */
async function bodyParams(ctx) {
  if (ctx.oidc?.body) return Object.keys(ctx.oidc.body);
  if (typeof ctx.req.body === 'string') return Object.keys(fieldsOf(ctx.req.body));
  if (ctx.req.readableEnded || ctx.req.destroyed) return [];
  return [...(await readForm(ctx)).keys()];
}

function fieldsOf(form) {
  return Object.fromEntries(new URLSearchParams(form));
}
