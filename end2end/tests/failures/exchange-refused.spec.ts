import { failsBy, standsAlone, type Row } from '../../pages/failure.js';

const row: Row = {
  code: 'exchange-refused',
  status: 502,
  h1: "Wrengate and the development provider don't agree on how to sign in",
  body: "The development provider refused the way Wrengate asked for access. Only Wrengate's team can fix this.",
  ways: ['Back to start'],
  report: true,
};

standsAlone(row);
failsBy(row, [
  'token-invalid-request', 'token-unauthorized-client', 'token-unsupported-grant-type', 'token-invalid-scope',
]);
