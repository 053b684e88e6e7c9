import { clerkShaped } from './faults/userinfo.js';
import { legOf } from './switchboard/legs.js';

/**
 * The profile for a client that didn't ask for `openid`. The library refuses it, since userinfo is
 * OpenID Connect's; providers of plain OAuth answer, and name the person in `user_id`.
 */
export function plainOAuth({ provider, accounts }) {
  return async (ctx, next) => {
    if (legOf(ctx) !== 'userinfo') return next();
    const value = /^Bearer (\S+)$/i.exec(ctx.get('authorization'))?.[1];
    const token = value && await provider.AccessToken.find(value);
    if (!token || token.scopes.size === 0 || token.scopes.has('openid')) return next();
    const { sub, ...claims } = accounts.find(token.accountId)?.claims ?? {};
    ctx.body = { ...clerkShaped(claims), user_id: sub };
    return undefined;
  };
}
