import { FAULTS } from '../faults/index.js';
import { readBody, readForm } from '../form.js';
import { LogoutError } from '../logout-tokens.js';
import { switchboardPage } from '../pages/switchboard.js';
import { SwitchboardError } from './switchboard.js';

/** The page for people and the JSON for tests; both come before any fault, `down` included. */
export function switchboardRoutes({
  origin: own, switchboard, requestLog, logoutTokens, sendPage,
}) {
  const pages = {
    GET: (ctx) => sendPage(ctx, switchboardPage({ faults: FAULTS, ...state() })),
    POST: async (ctx) => {
      const form = await readForm(ctx);
      if (form.has('clear')) clear();
      else armFromForm(form);
      ctx.status = 303;
      ctx.redirect('/switchboard');
    },
  };
  const json = {
    GET: answerState,
    POST: async (ctx) => {
      const wanted = await readJson(ctx);
      const { fault, times, delay_ms: delayMs, value } = wanted;
      switchboard.arm(fault, { times, delayMs, value });
      answerState(ctx);
    },
    DELETE: (ctx) => {
      clear();
      answerState(ctx);
    },
  };

  const logout = {
    POST: async (ctx) => {
      ctx.body = await logoutTokens.send(await readJson(ctx));
    },
  };

  return async (ctx, next) => {
    const routes = {
      '/switchboard': pages, '/switchboard.json': json, '/switchboard/logout.json': logout,
    }[ctx.path];
    if (!routes) return next();
    if (!routes[ctx.method]) return refuse(ctx, 405, `${ctx.path} takes ${Object.keys(routes)}.`);
    // Any page in the same browser can post a form here, but can't hide where it comes from.
    const origin = ctx.get('origin');
    if (origin && origin !== own) return refuse(ctx, 403, `Only pages of ${own} may ask.`);
    try {
      await routes[ctx.method](ctx);
    } catch (error) {
      if (!(error instanceof SwitchboardError || error instanceof LogoutError)) throw error;
      refuse(ctx, 400, error.message);
    }
    return undefined;
  };

  function state() {
    return {
      armed: switchboard.armed,
      counts: requestLog.counts,
      requests: requestLog.entries,
    };
  }

  function answerState(ctx) {
    ctx.set('Cache-Control', 'no-store');
    ctx.body = { faults: FAULTS.map(description), ...state() };
  }

  function clear() {
    switchboard.clear();
    requestLog.clear();
  }

  /** The page arms a fault for as long as it takes to reach its failure. */
  function armFromForm(form) {
    const name = form.get('fault') ?? '';
    const delay = form.get('delay_ms');
    switchboard.arm(name, {
      times: FAULTS.find((fault) => fault.name === name)?.times,
      delayMs: delay ? Number(delay) : undefined,
      value: form.get('value') ?? undefined,
      oneSignIn: form.get('for') === 'sign-in',
    });
  }
}

function description({ name, leg, title, description: text, failure, times, parameter }) {
  return {
    name, leg, title, description: text, failure, times, ...(parameter && { value: parameter }),
  };
}

function refuse(ctx, status, message) {
  ctx.status = status;
  ctx.body = { error: message, faults: FAULTS.map(({ name }) => name) };
}

async function readJson(ctx) {
  if (!ctx.is('application/json')) throw new SwitchboardError('Send JSON, and say so in Content-Type.');
  let value;
  try {
    value = JSON.parse(await readBody(ctx));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  if (typeof value !== 'object' || value === null) {
    throw new SwitchboardError('Send a JSON object such as {"fault":"token-500","times":1}.');
  }
  return value;
}
