import { failsBy, standsAlone, type Row } from '../../pages/failure.js';

const row: Row = {
  code: 'pick-account',
  status: 401,
  h1: 'Choose which account to use',
  body: "You're signed in to the development provider with more than one account. Choose the one you want to use with Wrengate.",
  ways: ['Choose an account', 'Back to start'],
};

standsAlone(row);
failsBy(row, ['account_selection_required'], { asks: 'account' });
