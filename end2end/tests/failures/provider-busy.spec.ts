import { failsBy, failsByRefresh, standsAlone, type Row } from '../../pages/failure.js';

const row: Row = {
  code: 'provider-busy',
  status: 503,
  h1: 'The development provider is busy right now',
  body: "It's overloaded or being worked on. Wait a few minutes, then try again.",
  ways: ['Try again', 'Back to start'],
};

standsAlone(row);
failsByRefresh(row, ['refresh-503'], 'told');
failsBy(row, ['temporarily_unavailable', 'token-503', 'userinfo-503']);
