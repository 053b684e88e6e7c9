import { memoryAdapters } from './adapter.js';
import { clients } from './clients.js';
import { makeCookieKeys } from './keys.js';
import { interactionPolicy } from './load-oidc-provider.js';
import { problemPage } from './pages/problem.js';
import { signedOutPage, signOutPage } from './pages/sign-out.js';

const MINUTES = 60;
const HOURS = 60 * MINUTES;
const DAYS = 24 * HOURS;

/** @param {{ settings: import('./settings.js').Settings, place: import('./place.js').Place }} about */
export async function configuration({ settings, place, keys, accounts, sendPage }) {
  return {
    clients: await clients(settings),
    adapter: memoryAdapters(),
    jwks: keys.forLibrary,
    enabledJWA: { idTokenSigningAlgValues: [settings.idTokenAlgorithm] },
    routes: { jwks: settings.jwksPath },
    cookies: cookies(place.port),
    findAccount: (_ctx, subject) => findAccount(accounts, subject),
    claims: {
      openid: ['sub'],
      profile: ['name', 'given_name', 'family_name', 'preferred_username', 'picture'],
      email: ['email', 'email_verified'],
      phone: ['phone_number'],
    },
    scopes: ['openid', 'profile', 'email', 'phone', 'offline_access'],
    responseTypes: ['code'],
    discovery: { prompt_values_supported: ['none', 'login', 'consent', 'select_account'] },
    pkce: { required: () => true },
    // Without this a refresh token takes `prompt=consent`, and a consent page at every sign-in.
    issueRefreshToken: (_ctx, client) => client.grantTypeAllowed('refresh_token'),
    // Whoever signs out has not taken back what they allowed: the tokens end, the consent stays.
    revokeGrantPolicy: (ctx) => ctx.oidc.route !== 'revocation',
    clientBasedCORS: () => false,
    // Apps are on this machine, which the library's own fetch keeps away from.
    fetch: (address, { dispatcher: _guarded, ...options } = {}) => globalThis.fetch(address, options),
    ttl: {
      AccessToken: 1 * HOURS,
      AuthorizationCode: 1 * MINUTES,
      IdToken: 1 * HOURS,
      Interaction: 1 * HOURS,
      RefreshToken: 14 * DAYS,
      Grant: 14 * DAYS,
      Session: 14 * DAYS,
    },
    interactions: { policy: policy(), url: (_ctx, { uid }) => `${place.mount}/interaction/${uid}` },
    features: {
      devInteractions: { enabled: false },
      pushedAuthorizationRequests: {
        enabled: true,
        requirePushedAuthorizationRequests: settings.parRequired,
      },
      revocation: {
        enabled: true,
        allowedPolicy: (_ctx, client, token) => token.clientId === client.clientId,
      },
      backchannelLogout: { enabled: true },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (ctx, form) => sendPage(ctx, signOutPage(form)),
        postLogoutSuccessSource: (ctx) => sendPage(ctx, signedOutPage()),
      },
    },
    renderError: (ctx, answer) => sendPage(ctx, problemPage(answer), ctx.status),
  };
}

/** Cookies don't know ports: two providers on one host would overwrite each other's. */
function cookies(port) {
  return {
    keys: makeCookieKeys(),
    names: {
      session: `provider_${port}_session`,
      interaction: `provider_${port}_interaction`,
      resume: `provider_${port}_resume`,
    },
  };
}

function findAccount(accounts, subject) {
  const account = accounts.find(subject);
  return account && { accountId: subject, claims: async () => account.claims };
}

/** Asked before the sign-in, so that a new name typed there answers both. */
function policy() {
  const prompts = interactionPolicy.base();
  prompts.add(new interactionPolicy.Prompt({ name: 'select_account', requestable: true }), 0);
  return prompts;
}
