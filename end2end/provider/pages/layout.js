import { html, trusted } from './html.js';
import { STYLESHEET } from './stylesheet.js';

/** @param {{ title: string, main: object, wide?: boolean }} page */
export function layout({ title, main, wide }) {
  return String(html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} — Development provider</title>
<link rel="icon" href="/avatar/development-provider.svg" type="image/svg+xml">
<style>${trusted(STYLESHEET)}</style>
</head>
<body>
<header class="banner"><p><strong>Development provider.</strong> Any name signs in; nothing here is real.</p></header>
<main${wide && trusted(' class="wide"')}>
${main}
</main>
</body>
</html>
`);
}
