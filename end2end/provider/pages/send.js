import { createHash } from 'node:crypto';
import { layout } from './layout.js';
import { STYLESHEET } from './stylesheet.js';

const STYLE_HASH = createHash('sha256').update(STYLESHEET).digest('base64');

/**
 * @param {string[]} appOrigins
 * @returns {(ctx: object, page: { title: string, main: object }, status?: number) => void}
 */
export function pageSender(appOrigins) {
  const policy = [
    "default-src 'none'",
    `style-src 'sha256-${STYLE_HASH}'`,
    "img-src 'self'",
    // Chromium holds the redirects after a form to this list too, and a sign-in ends at the app.
    `form-action 'self' ${appOrigins.join(' ')}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; ');

  return (ctx, page, status = 200) => {
    ctx.status = status;
    ctx.type = 'text/html; charset=utf-8';
    ctx.set({
      'Cache-Control': 'no-store',
      'Content-Security-Policy': policy,
      'Referrer-Policy': 'same-origin',
      'X-Content-Type-Options': 'nosniff',
      'X-Frame-Options': 'DENY',
    });
    ctx.body = layout(page);
  };
}
