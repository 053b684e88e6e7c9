import { html } from './html.js';

const MEANINGS = {
  openid: 'who you are, as an identifier that stays the same',
  profile: 'your name, username and picture',
  email: 'your e-mail address, and whether it is verified',
  phone: 'your telephone number',
  offline_access: 'to renew its access while you are away',
};

export function consentPage({ action, clientName, accountName, scopes }) {
  return {
    title: `${clientName} asks for access`,
    main: html`
<h1>${clientName} asks for:</h1>
<ul class="scopes">
${scopes.map((scope) => html`<li><span>${MEANINGS[scope] ?? 'something this provider has no words for'}</span> <code>${scope}</code></li>`)}
</ul>
<p>You are signed in here as <strong><bdi>${accountName}</bdi></strong>.</p>
<form method="post" action="${action}" class="buttons">
<button name="decision" value="allow" class="primary">Allow</button>
<button name="decision" value="deny">Deny</button>
</form>`,
  };
}
