/**
 * Holds a client with a secret to the method it is registered with. The library takes the header and
 * the body for each other; a provider that is strict about it tells which one an app really uses.
 */
export async function oneMethodOnly(ctx, next) {
  await next();
  const registered = ctx.oidc?.client?.clientAuthMethod;
  if (ctx.status !== 200 || !ctx.oidc?.body || !/^client_secret_(basic|post)$/.test(registered)) return;
  const isBasic = /^Basic /i.test(ctx.get('authorization'));
  const used = isBasic ? 'client_secret_basic' : 'client_secret_post';
  if (used === registered && !(isBasic && 'client_secret' in ctx.oidc.body)) return;
  ctx.status = 401;
  ctx.body = { error: 'invalid_client', error_description: `this client is registered for ${registered}` };
}
