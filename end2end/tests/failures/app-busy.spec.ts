import { standsAlone, type Row } from '../../pages/failure.js';

// Nothing ends here in a test: a request has 35 seconds, and every wait inside it ends much sooner.
const row: Row = {
  code: 'app-busy',
  status: 503,
  h1: 'Wrengate is busy right now',
  body: 'Too many people are using it at once. Wait a minute, then try again.',
  ways: ['Try again'],
};

standsAlone(row);
