/**
 * Where the provider is: its issuer may have a path, and then everything else is below it.
 *
 * @typedef {object} Place
 * @property {number} port
 * @property {string} origin
 * @property {string} issuer as configured, with or without a slash at its end
 * @property {string} base what its endpoints begin with; never with a slash at its end
 * @property {string} mount the path of `base`
 */

/** @returns {Place} */
export function placeOf({ issuerHost, issuerPath }, port) {
  const origin = `http://${issuerHost}:${port}`;
  const mount = issuerPath.replace(/\/$/, '');
  return {
    port, origin, mount, issuer: origin + issuerPath, base: origin + mount,
  };
}

/** Reached without the path too: they belong to this program, not to an issuer. */
const OWN_PAGES = /^\/(switchboard(\.json|\/logout\.json)?|avatar\/.*)$/;
const METADATA = '/.well-known/oauth-authorization-server';

/**
 * Takes the path off before the library sees it, and keeps the whole as `originalUrl`, from which
 * the library builds its addresses.
 *
 * @param {Place} place
 * @param {import('node:http').RequestListener} listener
 * @returns {import('node:http').RequestListener}
 */
export function mountedAt({ mount }, listener) {
  return (request, response) => {
    const inner = withoutMount(request.url, mount);
    if (inner === undefined) {
      response.writeHead(404, { 'Content-Type': 'text/plain' }).end('Not Found');
      return;
    }
    request.url = inner;
    request.originalUrl = mount + inner;
    listener(request, response);
  };
}

function withoutMount(url, mount) {
  const [path] = url.split('?');
  if (mount === '' || OWN_PAGES.test(path)) return url;
  // RFC 8414, section 3.1 puts the well-known part in front of the issuer's path.
  if (path === METADATA + mount) return METADATA;
  return url.startsWith(`${mount}/`) ? url.slice(mount.length) : undefined;
}
