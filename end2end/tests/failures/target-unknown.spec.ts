import { failsBy, standsAlone, type Row } from '../../pages/failure.js';

const row: Row = {
  code: 'target-unknown',
  status: 502,
  h1: "Wrengate asked to reach a service the development provider doesn't know",
  body: "You're not signed in, and this isn't something you did. Only Wrengate's team can fix it.",
  ways: ['Back to start'],
  report: true,
};

standsAlone(row);
failsBy(row, ['invalid_target']);
