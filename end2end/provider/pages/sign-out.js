import { html, trusted } from './html.js';

/** @param {string} form the library's form, whose buttons stand outside of it */
export function signOutPage(form) {
  return {
    title: 'Sign out',
    main: html`
<h1>Sign out of the development provider?</h1>
<p>The next sign-in will ask for a name again.</p>
${trusted(form)}
<div class="buttons">
<button form="op.logoutForm" name="logout" value="yes" class="primary">Sign out</button>
<button form="op.logoutForm">Stay signed in</button>
</div>`,
  };
}

export function signedOutPage() {
  return {
    title: 'Signed out',
    main: html`<h1>You’re signed out of the development provider</h1>
<p>You can close this page.</p>`,
  };
}
