const ROUTES = [
  ['authorize', ['GET', 'POST'], /^\/auth(\/[\w-]+)?$/],
  ['token', ['POST'], /^\/token$/],
  ['userinfo', ['GET', 'POST'], /^\/me$/],
  ['discovery', ['GET'], /^\/\.well-known\/(openid-configuration|oauth-authorization-server)$/],
  ['jwks', ['GET'], /^\/jwks(\/[\w-]+)?$/],
  ['revocation', ['POST'], /^\/token\/revocation$/],
  ['par', ['POST'], /^\/request$/],
  ['sign-out', ['GET', 'POST'], /^\/session\/end(\/\w+)?$/],
  ['elsewhere', ['GET', 'POST'], /^\/elsewhere$/],
];

/** The legs of the protocol that requests are counted for, in their order. */
export const LEGS = ROUTES.map(([leg]) => leg);

/** Where the redirect faults point; a request that comes here followed one it must not follow. */
export const ELSEWHERE = '/elsewhere';

/**
 * @param {{ method: string, path: string }} request
 * @returns {string | undefined} undefined for pages that only a browser visits
 */
export function legOf({ method, path }) {
  return ROUTES.find(([, methods, route]) => methods.includes(method) && route.test(path))?.[0];
}

/** The second half of an authorization request, after the pages, is not a request of its own. */
export function isResumption(path) {
  return path.startsWith('/auth/');
}
