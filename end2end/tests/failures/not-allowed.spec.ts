import { failsBy, standsAlone, type Row } from '../../pages/failure.js';

const row: Row = {
  code: 'not-allowed',
  status: 403,
  h1: "The development provider didn't allow this sign-in",
  body: "Your account isn't allowed to use Wrengate. Someone who manages accounts at your organisation can change that.",
  ways: ['Use a different account'],
  report: true,
};

standsAlone(row);
failsBy(row, ['not-assigned'], { asks: 'account' });
