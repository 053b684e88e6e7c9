import { failsBy, standsAlone, type Row } from '../../pages/failure.js';

const row: Row = {
  code: 'code-expired',
  status: 400,
  h1: 'That sign-in expired',
  body: 'The one-time code from the development provider was too old or already used. Start again to get a new one.',
  ways: ['Start again'],
  report: true,
};

standsAlone(row);

// The code of an error counts and not its status: some providers send this one with 401, or with 200.
failsBy(row, ['token-invalid-grant', 'token-invalid-grant-401', 'token-error-200']);
