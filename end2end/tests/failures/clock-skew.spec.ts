import { standsAlone, type Row } from '../../pages/failure.js';

// Nothing can end here yet: the times that may disagree stand in ID tokens, which this version does not read.
const row: Row = {
  code: 'clock-skew',
  status: 502,
  h1: "The clocks don't agree",
  body: "The time on Wrengate's server and the time at the development provider differ too much to check this sign-in. Trying again in a minute may help.",
  ways: ['Try again'],
  report: true,
};

standsAlone(row);
