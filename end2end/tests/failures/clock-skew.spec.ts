import { failsBy, standsAlone, type Row } from '../../pages/failure.js';

const row: Row = {
  code: 'clock-skew',
  status: 502,
  h1: "The clocks don't agree",
  body: "The time on Wrengate's server and the time at the development provider differ too much to check this sign-in. Trying again in a minute may help.",
  ways: ['Try again'],
  report: true,
};

standsAlone(row);

failsBy(row, [
  'id-token-expired', 'id-token-iat-ahead', 'id-token-iat-old', 'id-token-nbf-ahead',
  'id-token-no-exp', 'id-token-no-iat',
]);
