import { Accounts } from './accounts.js';
import { avatarRoute } from './avatar.js';
import { CLIENT_ID, CONFIDENTIAL_CLIENT_ID, configuration } from './configuration.js';
import { interactionRoutes } from './interactions.js';
import { listenOnLoopback } from './listen.js';
import { Provider } from './load-oidc-provider.js';
import { pageSender } from './pages/send.js';
import { applyFaults } from './switchboard/apply.js';
import { RequestLog } from './switchboard/request-log.js';
import { Switchboard } from './switchboard/switchboard.js';
import { switchboardRoutes } from './switchboard/routes.js';

/**
 * Starts a provider that forgets everything when it is closed.
 *
 * @param {import('./settings.js').Settings} settings
 */
export async function startProvider(settings) {
  // The issuer holds the port, and with port 0 that is known only once somebody listens.
  let answer = (_request, response) => response.destroy();
  const { port, close } = await listenOnLoopback(
    { port: settings.port, alsoIPv6: settings.issuerHost === 'localhost' },
    (request, response) => answer(request, response),
  );

  const issuer = `http://${settings.issuerHost}:${port}`;
  try {
    answer = (await buildProvider(issuer, port, settings)).callback();
  } catch (error) {
    await close();
    throw error;
  }
  return {
    issuer, close, publicClientId: CLIENT_ID, confidentialClientId: CONFIDENTIAL_CLIENT_ID,
  };
}

async function buildProvider(issuer, port, { appOrigins, clientSecret }) {
  const accounts = new Accounts(issuer);
  const sendPage = pageSender(appOrigins);
  const switchboard = new Switchboard();
  const requestLog = new RequestLog();
  const provider = new Provider(issuer, await configuration({
    port, appOrigins, clientSecret, accounts, sendPage,
  }));

  provider.use(pinHost(new URL(issuer).host));
  provider.use(switchboardRoutes({ issuer, switchboard, requestLog, sendPage }));
  provider.use(applyFaults({ issuer, appOrigins, switchboard, requestLog }));
  provider.use(avatarRoute(accounts));
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
