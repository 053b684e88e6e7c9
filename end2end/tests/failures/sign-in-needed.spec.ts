import { failsBy, standsAlone, type Row } from '../../pages/failure.js';

const row: Row = {
  code: 'sign-in-needed',
  status: 401,
  h1: 'Sign in at the development provider to continue',
  body: "The development provider needs to see you before it can go on.",
  ways: ['Continue with the development provider', 'Back to start'],
};

standsAlone(row);
failsBy(row, ['login_required', 'interaction_required']);
