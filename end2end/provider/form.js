const LIMIT = 64 * 1024;

/**
 * The fields of a posted form. Only for requests that the library doesn't handle itself: a body can
 * be read once.
 *
 * @returns {Promise<URLSearchParams>}
 */
export async function readForm(ctx) {
  if (!ctx.is('application/x-www-form-urlencoded')) return new URLSearchParams();
  return new URLSearchParams(await readBody(ctx));
}

/** @returns {Promise<string>} */
export async function readBody(ctx) {
  const chunks = [];
  let length = 0;
  for await (const chunk of ctx.req) {
    length += chunk.length;
    if (length > LIMIT) ctx.throw(413, 'The body is larger than 64 KiB.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
