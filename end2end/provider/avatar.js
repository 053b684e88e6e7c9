import { escape } from './pages/html.js';

const PATH = /^\/avatar\/([a-z0-9-]{1,60})\.svg$/;

/** Dark enough for white initials at 4.5 to 1. */
const COLOURS = ['#1D5A93', '#0B6251', '#8A4B08', '#A4262C', '#6A3D9A', '#4A5568', '#9C2F6B', '#3F6212'];

export function avatarRoute(accounts) {
  return async (ctx, next) => {
    const subject = PATH.exec(ctx.path)?.[1];
    if (ctx.method !== 'GET' || !subject) return next();
    ctx.type = 'image/svg+xml';
    ctx.set({
      'Cache-Control': 'public, max-age=300',
      'Content-Security-Policy': "default-src 'none'; sandbox",
      // The app shows the picture from another origin.
      'Cross-Origin-Resource-Policy': 'cross-origin',
      'X-Content-Type-Options': 'nosniff',
    });
    ctx.body = drawing(initials(accounts.find(subject)?.name ?? nameFrom(subject)), subject);
    return undefined;
  };
}

/** After a restart the app may still show a picture of somebody this run hasn't met. */
function nameFrom(subject) {
  return subject.replace(/-[0-9a-f]{8}$/, '').replaceAll('-', ' ');
}

function initials(name) {
  const words = name.split(' ').filter(Boolean);
  const chosen = words.length > 1 ? [words[0], words.at(-1)] : words;
  return chosen.map((word) => [...word][0]).join('').toUpperCase();
}

function drawing(letters, subject) {
  const sum = [...subject].reduce((total, letter) => total + letter.codePointAt(0), 0);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="96" height="96" viewBox="0 0 96 96">
<rect width="96" height="96" fill="${COLOURS[sum % COLOURS.length]}"/>
<text x="48" y="50" fill="#FFFFFF" font-family="system-ui, sans-serif" font-size="38" font-weight="600"
 text-anchor="middle" dominant-baseline="central">${escape(letters)}</text>
</svg>
`;
}
