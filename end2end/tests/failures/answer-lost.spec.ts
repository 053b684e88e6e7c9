import { failsBy, standsAlone, type Row } from '../../pages/failure.js';

const row: Row = {
  code: 'answer-lost',
  status: 502,
  h1: "We lost the development provider's answer",
  body: "The connection broke while the development provider was answering, so this sign-in can't be finished. Start again; nothing is wrong with your account.",
  ways: ['Start again'],
  report: true,
};

standsAlone(row);
failsBy(row, ['token-reset']);
