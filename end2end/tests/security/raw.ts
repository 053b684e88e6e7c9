/** Requests exactly as they are written: no browser and no client puts a path or a header right. */
import { once } from 'node:events';
import { request, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import type { App } from '../../fixtures/index.js';

export interface RawRequest {
  method?: string;
  /** As it goes over the wire. */
  path: string;
  /** A list is sent as several headers of the name; undefined takes a usual header away. */
  headers?: Record<string, string | string[] | undefined>;
  body?: string | Buffer;
  /** Whether the body comes in chunks, without its length; `endless`: and its end never comes. */
  chunked?: boolean | 'endless';
}

export interface RawAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

export async function send(app: App, wanted: RawRequest): Promise<RawAnswer> {
  const { method = 'GET', path, headers = {}, body, chunked = false } = wanted;
  const { hostname, port } = new URL(app.origin);
  const given = Object.entries(headers).flatMap(([name, value]) => (
    value === undefined ? [] : [[name, value] as const]
  ));
  const outgoing = request({ hostname, port, method, path, headers: Object.fromEntries(given), agent: false });
  if (body !== undefined && !chunked) outgoing.setHeader('Content-Length', Buffer.byteLength(body));
  if (chunked === 'endless') outgoing.write(body);
  else outgoing.end(body);
  const [incoming] = await once(outgoing, 'response') as [IncomingMessage];
  let text = '';
  for await (const chunk of incoming.setEncoding('utf8')) text += String(chunk);
  outgoing.destroy();
  return { status: incoming.statusCode ?? 0, headers: incoming.headers, text };
}

/** The origin that browsers know an app by. */
export function publicOrigin(app: App): string {
  return app.env['WRENGATE_PUBLIC_ORIGIN'] || app.origin;
}

/** What the app's own script sends with a call. */
export function ownHeaders(app: App): Record<string, string> {
  return {
    Origin: publicOrigin(app),
    'Content-Type': 'application/json',
    Accept: '*/*',
    'Sec-Fetch-Site': 'same-origin',
    'Sec-Fetch-Mode': 'cors',
    'Sec-Fetch-Dest': 'empty',
  };
}

/** A call as the app's own script makes it, but for the headers that are named. */
export async function call(
  app: App, path: string, message: unknown, headers: RawRequest['headers'] = {},
): Promise<RawAnswer> {
  const body = typeof message === 'string' ? message : JSON.stringify(message);
  return send(app, { method: 'POST', path, headers: { ...ownHeaders(app), ...headers }, body });
}

/**
 * The cookies that an answer sets, with their values, as a browser would send them back; without the
 * inspector's, which is of no attempt and no session.
 */
export function cookiesOf(answer: RawAnswer): string[] {
  const pairs = (answer.headers['set-cookie'] ?? []).map((cookie) => cookie.split(';')[0] ?? '');
  return pairs.filter((pair) => !/^(__Host-)?wrengate-inspector=/.test(pair));
}
