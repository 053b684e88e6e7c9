/** A page of somebody else, which the victim opens. */
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { Canaries } from '../../fixtures/canaries.js';
import { test as base } from '../../fixtures/index.js';

/**
 * Where it is. `elsewhere` is another site; `next door` is another origin of the same site, whose
 * requests carry the victim's strict cookies.
 */
export type Place = 'elsewhere' | 'next door';

export const PLACES: Place[] = ['elsewhere', 'next door'];

const HOSTS: Record<Place, string> = { elsewhere: 'localhost', 'next door': '127.0.0.1' };

export class Attacker {
  readonly #pages = new Map<string, string>();

  readonly #server: Server;

  private constructor(server: Server, readonly origin: string) {
    this.#server = server;
  }

  static async start(place: Place): Promise<Attacker> {
    const server = createServer((incoming, outgoing) => {
      outgoing.setHeader('Content-Type', 'text/html; charset=utf-8');
      outgoing.end(attacker.#pages.get(incoming.url ?? ''));
    });
    server.listen(0, HOSTS[place]);
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const attacker = new Attacker(server, `http://${HOSTS[place]}:${port}`);
    return attacker;
  }

  /** Puts a page up and gives its address. */
  page(body: string): string {
    const path = `/page-${this.#pages.size}`;
    this.#pages.set(path, `<!doctype html><title>Win</title><link rel="icon" href="data:,"><body>${body}`);
    return this.origin + path;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

/** A form that posts itself as soon as the page is open. */
export function formThatPosts(action: string, fields: Record<string, string>, enctype: string): string {
  const inputs = Object.entries(fields).map(([name, value]) => (
    `<textarea name="${escaped(name)}">\n${escaped(value)}</textarea>`
  ));
  return `<form method="post" action="${escaped(action)}" enctype="${enctype}">${inputs.join('')}</form>
<script>document.forms[0].submit()</script>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}

interface Attackers {
  attacker: (place: Place) => Promise<Attacker>;
}

export const test = base.extend<Attackers>({
  // They read every call as JSON, which is not what an attacker makes the victim send.
  canaries: async ({}, use) => use(new Canaries()),

  attacker: async ({ guard }, use) => {
    const started: Attacker[] = [];
    await use(async (place) => {
      const attacker = await Attacker.start(place);
      guard.allowOrigin(attacker.origin);
      started.push(attacker);
      return attacker;
    });
    await Promise.all(started.map((attacker) => attacker.stop()));
  },
});
