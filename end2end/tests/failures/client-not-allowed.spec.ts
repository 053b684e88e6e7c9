import { failsBy, standsAlone, type Row } from '../../pages/failure.js';

const row: Row = {
  code: 'client-not-allowed',
  status: 502,
  h1: "Wrengate isn't set up to sign in this way",
  body: "The development provider doesn't allow Wrengate to use this kind of sign-in. Only Wrengate's team can fix this.",
  ways: ['Back to start'],
  report: true,
};

standsAlone(row);
failsBy(row, ['unauthorized_client']);
