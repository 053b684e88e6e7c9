import { errors } from './load-oidc-provider.js';
import { readForm } from './form.js';
import { consentPage } from './pages/consent.js';
import { problemPage } from './pages/problem.js';
import { signInPage } from './pages/sign-in.js';

const PATH = /^\/interaction\/[\w-]+$/;
const DEFAULT_NAME = 'Ada Lovelace';
const OTHER_NAME = 'Grace Hopper';
const LONGEST_NAME = 200;

/** The pages between the authorization request and its answer: who are you, and may the app know. */
export function interactionRoutes({ provider, accounts, sendPage }) {
  return async (ctx, next) => {
    if (!PATH.test(ctx.path) || !['GET', 'POST'].includes(ctx.method)) return next();
    try {
      const interaction = await provider.interactionDetails(ctx.req, ctx.res);
      const asks = interaction.prompt.name === 'consent' ? askForConsent : askForName;
      await asks({ ctx, interaction, provider, accounts, sendPage });
    } catch (error) {
      if (!(error instanceof errors.SessionNotFound)) throw error;
      sendPage(ctx, problemPage({
        error: 'interaction_over',
        error_description: 'This sign-in is no longer open. Go back to the app and start again.',
      }), 400);
    }
    return undefined;
  };
}

async function askForName({ ctx, interaction, provider, accounts, sendPage }) {
  const choosing = interaction.prompt.name === 'select_account';
  const current = accounts.find(interaction.session?.accountId);
  const page = (problem) => signInPage({
    action: ctx.req.originalUrl,
    suggestion: suggestion(choosing, current?.name),
    current: choosing ? current : undefined,
    problem,
  });
  if (ctx.method === 'GET') return sendPage(ctx, page());

  const form = await readForm(ctx);
  const answer = choosing ? { select_account: {} } : {};
  if (current && form.get('account') === 'current') {
    return resume(ctx, provider, { ...answer, login: { accountId: current.subject } });
  }

  const name = form.get('name')?.trim() ?? '';
  if (!/[^?\s]/.test(name) || name.length > LONGEST_NAME) {
    return sendPage(ctx, page(`Type a name of 1 to ${LONGEST_NAME} characters. Any name will do.`), 422);
  }
  const account = accounts.signIn(name, { emailVerified: !form.has('unverified') });
  await resume(ctx, provider, { ...answer, login: { accountId: account.subject } });
  return forgetOtherAccount(ctx, provider, account.subject);
}

/** To choose another account, what stands in the field must not be the current one. */
function suggestion(choosing, currentName) {
  if (choosing) return currentName === DEFAULT_NAME ? OTHER_NAME : DEFAULT_NAME;
  return currentName ?? DEFAULT_NAME;
}

async function askForConsent({ ctx, interaction, provider, accounts, sendPage }) {
  const { params, session, grantId, prompt } = interaction;
  if (ctx.method === 'GET') {
    const client = await provider.Client.find(params.client_id);
    return sendPage(ctx, consentPage({
      action: ctx.req.originalUrl,
      clientName: client.clientName,
      accountName: accounts.find(session.accountId)?.name,
      scopes: params.scope.split(' '),
    }));
  }

  const form = await readForm(ctx);
  if (form.get('decision') !== 'allow') {
    return resume(ctx, provider, {
      error: 'access_denied',
      error_description: 'The person chose Deny on the consent page.',
    });
  }
  const grant = (grantId && await provider.Grant.find(grantId))
    || new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
  grant.addOIDCScope((prompt.details.missingOIDCScope ?? []).join(' '));
  return resume(ctx, provider, { consent: { grantId: await grant.save() } });
}

async function resume(ctx, provider, answer) {
  ctx.status = 303;
  ctx.redirect(await provider.interactionResult(ctx.req, ctx.res, answer));
}

/**
 * Left to itself the library signs the former account out through a page that needs script.
 * It has to come after the answer is stored, which is refused once the session has changed.
 */
async function forgetOtherAccount(ctx, provider, subject) {
  const session = await provider.Session.get(ctx);
  if (!session.accountId || session.accountId === subject) return;
  session.accountId = undefined;
  session.authorizations = undefined;
  await session.persist();
}
