import { html } from './html.js';

const SHOWN_REQUESTS = 20;

const LEG_NAMES = {
  authorize: 'Answer to the authorization request',
  token: 'Token endpoint',
  refresh: 'Token endpoint, for a refresh token',
  userinfo: 'Userinfo endpoint',
  discovery: 'Discovery',
  jwks: 'Signing keys',
  revocation: 'Revocation endpoint',
  whole: 'The whole provider',
};

export function switchboardPage({ faults, armed, counts, requests }) {
  return {
    title: 'Switchboard',
    wide: true,
    main: html`
<h1>Switchboard</h1>
<p>Arm a fault, then sign in to the app: the next request of that leg meets it. What each fault must end in is the name of a failure page of Wrengate.</p>
${armedSection(armed)}
<nav aria-label="On this page"><ul class="jumps">
${Object.entries({ ...LEG_NAMES, requests: 'Last requests' }).map(([id, name]) => html`<li><a href="#${id}">${name}</a></li>`)}
</ul></nav>
${Object.entries(LEG_NAMES).map(([leg, name]) => legSection(leg, name, faults.filter((fault) => fault.leg === leg), armed))}
${requestSection(counts, requests)}`,
  };
}

function armedSection(armed) {
  return html`
<section aria-labelledby="armed">
<h2 id="armed">Armed now</h2>
${armed.length === 0
    ? html`<p>Nothing is armed; the provider behaves.</p>`
    : html`<ul class="armed">${armed.map((fault) => html`<li><code>${fault.name}</code> ${remaining(fault)}</li>`)}</ul>`}
<form method="post" action="/switchboard" class="buttons"><button name="clear" value="yes">Clear all</button></form>
</section>`;
}

function remaining({ remaining: left, value, delay_ms: delay }) {
  const times = left === 'always' ? 'until cleared' : `for ${left} more ${left === 1 ? 'request' : 'requests'}`;
  return html`${times}${value && html`, value <code>${value}</code>`}${delay !== undefined && `, after ${delay} ms`}`;
}

function legSection(leg, name, faults, armed) {
  return html`
<section aria-labelledby="${leg}">
<h2 id="${leg}">${name}</h2>
<ul class="faults">
${faults.map((fault) => faultRow(fault, armed.some((other) => other.name === fault.name)))}
</ul>
</section>`;
}

function faultRow({ name, title, description, failure, times, parameter, delayMs }, isArmed) {
  return html`
<li>
<div>
<h3>${title} <code>${name}</code></h3>
<p>${description}</p>
<p class="ends">${failure ? html`Must end in <code>${failure}</code>` : html`<span class="ok">Must still sign in</span>`}${times === 'always' && ' · stays armed'}${isArmed && html` · <strong>armed</strong>`}</p>
</div>
<form method="post" action="/switchboard">
<input type="hidden" name="fault" value="${name}">
${parameter && html`<label>Value <input name="value" required maxlength="2000" autocomplete="off"></label>`}
${delayMs !== undefined && html`<label>Milliseconds <input name="delay_ms" inputmode="numeric" pattern="[0-9]+" value="${delayMs}"></label>`}
<button>Arm<span class="hidden"> ${name}</span></button>
</form>
</li>`;
}

function requestSection(counts, requests) {
  const shown = requests.slice(-SHOWN_REQUESTS).reverse();
  return html`
<section aria-labelledby="requests">
<h2 id="requests">Last requests</h2>
<p class="muted">${Object.entries(counts).map(([leg, count]) => `${leg} ${count}`).join(' · ')}. Names of parameters only, never values.</p>
${shown.length === 0
    ? html`<p>None yet.</p>`
    : html`<ol class="requests" reversed>${shown.map(requestRow)}</ol>`}
</section>`;
}

function requestRow({ at, method, path, status, params, headers }) {
  return html`
<li><time datetime="${at}">${at.slice(11, 19)}</time> <code>${method} ${path}</code> <strong>${status ?? 'no answer'}</strong>
<span class="muted">${[...params, headers.authorization && `${headers.authorization} authorization`].filter(Boolean).join(', ')}</span></li>`;
}
