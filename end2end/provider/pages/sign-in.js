import { html } from './html.js';

export function signInPage({ action, suggestion, current, problem }) {
  const heading = current ? 'Choose an account' : 'Sign in to the development provider';
  return {
    title: problem ? `Problem: ${heading}` : heading,
    main: html`
<h1>${heading}</h1>
${current && currentAccount(action, current)}
<form method="post" action="${action}" class="stack">
${current && html`<h2>Another account</h2>`}
<div class="field">
<label for="name">Your name</label>
${problem && html`<p id="name-problem" class="problem">${problem}</p>`}
<input id="name" name="name" value="${suggestion}" maxlength="200" autocomplete="off" spellcheck="false"
 required${problem && html` aria-invalid="true" aria-describedby="name-problem"`}>
</div>
<label class="check"><input type="checkbox" name="unverified"> <span>E-mail not verified</span></label>
<button class="primary">Sign in</button>
</form>`,
  };
}

function currentAccount(action, { name, subject }) {
  return html`
<form method="post" action="${action}">
<button name="account" value="current" class="account">
<img src="/avatar/${subject}.svg" alt="" width="40" height="40">
<span>Continue as <strong><bdi>${name}</bdi></strong></span>
</button>
</form>`;
}
