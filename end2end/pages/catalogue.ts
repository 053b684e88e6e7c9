/** What the app has, read from its own tables, so that a list in a test cannot fall behind. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../fixtures/child.js';

/** A failure as the protocol knows it. */
export interface CatalogueRow {
  code: string;
  /** The status of its page. */
  status: number;
}

/** Every failure, in the order of the catalogue. */
export function failures(): CatalogueRow[] {
  const source = readFileSync(join(ROOT, 'app/protocol/src/failure.rs'), 'utf8');
  const rows = source.matchAll(/^ {4}\w+ "([a-z-]+)" (\d{3}|browser) /gm);
  return [...rows].map(([, code = '', status]) => ({ code, status: status === 'browser' ? 200 : Number(status) }));
}

/** Every page that the server has, as its router writes it. */
export function routes(): string[] {
  const source = readFileSync(join(ROOT, 'app/src/routes.rs'), 'utf8');
  const constants = new Map([...source.matchAll(/const (\w+): &str =\s*"([^"]*)"/g)].map(([, name, path]) => [name, path]));
  const list = /const PAGES: \[&str; (\d+)\] = \[([^\]]*)\]/.exec(source);
  const names = list?.[2]?.split(',').map((name) => name.trim()).filter((name) => name !== '') ?? [];
  const paths = names.map((name) => (name.startsWith('"') ? name.slice(1, -1) : constants.get(name) ?? ''));
  if (paths.length !== Number(list?.[1]) || paths.includes('')) throw new Error('PAGES of routes.rs is not understood');
  return paths;
}
