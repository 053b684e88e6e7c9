import { standsAlone, type Row } from '../../pages/failure.js';

// Nothing can end here yet: with a setting missing the server does not start.
const row: Row = {
  code: 'not-configured',
  status: 503,
  h1: "Wrengate isn't ready yet",
  body: "Sign-in hasn't been set up here. If you run this site, its server log says what is missing.",
  ways: ['Reload'],
};

standsAlone(row);
