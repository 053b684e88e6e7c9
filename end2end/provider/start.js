import { Accounts } from './accounts.js';
import { avatarRoute } from './avatar.js';
import { CLIENT_ID, CONFIDENTIAL_CLIENT_ID } from './clients.js';
import { configuration } from './configuration.js';
import { interactionRoutes } from './interactions.js';
import { rotation, SigningKeys } from './keys.js';
import { listenOnLoopback } from './listen.js';
import { Provider } from './load-oidc-provider.js';
import { LogoutTokens } from './logout-tokens.js';
import { oneMethodOnly } from './one-method.js';
import { pageSender } from './pages/send.js';
import { plainOAuth } from './plain-oauth.js';
import { mountedAt, placeOf } from './place.js';
import { DEFAULTS } from './settings.js';
import { applyFaults } from './switchboard/apply.js';
import { legOf } from './switchboard/legs.js';
import { RequestLog } from './switchboard/request-log.js';
import { Switchboard } from './switchboard/switchboard.js';
import { switchboardRoutes } from './switchboard/routes.js';

/**
 * Starts a provider that forgets everything when it is closed.
 *
 * @param {Partial<import('./settings.js').Settings>} given
 */
export async function startProvider(given) {
  const settings = { ...DEFAULTS, ...given };
  // The issuer holds the port, and with port 0 that is known only once somebody listens.
  let answer = (_request, response) => response.destroy();
  const { port, close } = await listenOnLoopback(
    { port: settings.port, alsoIPv6: settings.issuerHost === 'localhost' },
    (request, response) => answer(request, response),
  );

  const place = placeOf(settings, port);
  try {
    answer = mountedAt(place, (await buildProvider(place, settings)).callback());
  } catch (error) {
    await close();
    throw error;
  }
  return {
    issuer: place.issuer, close, publicClientId: CLIENT_ID, confidentialClientId: CONFIDENTIAL_CLIENT_ID,
  };
}

async function buildProvider(place, settings) {
  const { appOrigins, clientSecret } = settings;
  const accounts = new Accounts(place.base);
  const keys = await SigningKeys.make(settings.idTokenAlgorithm, settings.signingKey);
  const sendPage = pageSender(appOrigins);
  const switchboard = new Switchboard();
  const requestLog = new RequestLog();
  const logoutTokens = new LogoutTokens({ issuer: place.issuer, keys, appOrigins });
  const provider = new Provider(place.issuer, await configuration({
    settings, place, keys, accounts, sendPage,
  }));

  provider.use(pinHost(new URL(place.origin).host));
  provider.use(switchboardRoutes({
    origin: place.origin, switchboard, requestLog, logoutTokens, sendPage,
  }));
  provider.use(applyFaults({ place, appOrigins, clientSecret, keys, switchboard, requestLog }));
  if (!settings.discovery) provider.use(withoutMetadata);
  provider.use(avatarRoute(accounts));
  provider.use(plainOAuth({ provider, accounts }));
  provider.use(oneMethodOnly);
  provider.use(logoutTokens.note());
  provider.use(rotation(keys));
  provider.use(interactionRoutes({ provider, accounts, sendPage }));
  return provider;
}

/** The library builds its addresses from `Host`; they must be the issuer's, however it was reached. */
function pinHost(host) {
  return (ctx, next) => {
    ctx.req.headers.host = host;
    return next();
  };
}

/** A provider that has to be described by hand. */
function withoutMetadata(ctx, next) {
  if (legOf(ctx) !== 'discovery') return next();
  ctx.status = 404;
  ctx.body = 'Not Found';
  return undefined;
}
