import { createServer } from 'node:http';
import { once } from 'node:events';

/** Somebody else already answers at the wanted port. */
export class PortInUse extends Error {}

const ATTEMPTS_AT_A_FREE_PORT = 10;

/**
 * Listens on loopback only: whoever reaches this provider can sign in as anyone.
 *
 * @param {{ port: number, alsoIPv6: boolean }} wanted
 * @param {import('node:http').RequestListener} listener
 */
export async function listenOnLoopback({ port, alsoIPv6 }, listener) {
  for (let attempt = 1; ; attempt += 1) {
    const first = await listenAt('127.0.0.1', port, listener);
    const chosen = first.address().port;
    if (!alsoIPv6) return opened(chosen, [first]);
    try {
      return opened(chosen, [first, await listenAt('::1', chosen, listener)]);
    } catch (error) {
      if (isWithoutIPv6(error)) return opened(chosen, [first]);
      // A browser that resolves the host to ::1 would meet the other program there.
      await closeAll([first]);
      if (port !== 0 || attempt === ATTEMPTS_AT_A_FREE_PORT) throw error;
    }
  }
}

function opened(port, servers) {
  return { port, close: () => closeAll(servers) };
}

async function listenAt(host, port, listener) {
  const server = createServer(listener);
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    if (error.code !== 'EADDRINUSE') throw error;
    throw new PortInUse(
      `Port ${port} on ${host} is in use, so the development provider can't start; `
      + 'stop the other program or set PROVIDER_PORT.',
      { cause: error },
    );
  }
  return server;
}

function isWithoutIPv6(error) {
  return error.code === 'EADDRNOTAVAIL' || error.code === 'EAFNOSUPPORT';
}

async function closeAll(servers) {
  await Promise.all(servers.map((server) => {
    const closed = once(server, 'close');
    server.close();
    // Faults keep connections open on purpose; waiting for them would make stopping slow.
    server.closeAllConnections();
    return closed;
  }));
}
