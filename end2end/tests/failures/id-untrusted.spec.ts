import { standsAlone, type Row } from '../../pages/failure.js';

// Nothing can end here yet: this version asks userinfo who signed in and does not read ID tokens.
const row: Row = {
  code: 'id-untrusted',
  status: 502,
  h1: "We couldn't trust the development provider's answer",
  body: "A security check failed, so we stopped. You're not signed in.",
  ways: ['Start again'],
  report: true,
};

standsAlone(row);
