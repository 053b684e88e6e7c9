import { failsBy, standsAlone, type Row } from '../../pages/failure.js';

const row: Row = {
  code: 'scope-refused',
  status: 502,
  h1: "Wrengate asked for something the development provider doesn't offer",
  body: "You're not signed in and nothing was shared. Wrengate's team needs to change what it asks for.",
  ways: ['Back to start'],
  report: true,
};

standsAlone(row);
failsBy(row, ['invalid_scope']);
