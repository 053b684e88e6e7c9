import { html } from './html.js';

/** @param {{ error: string, error_description?: string }} answer */
export function problemPage({ error, error_description: description }) {
  return {
    title: 'Problem',
    main: html`
<h1>The provider can’t go on with this request</h1>
<p>${description ?? 'It gave no further reason.'}</p>
<p class="muted">Code <code>${error}</code></p>`,
  };
}
