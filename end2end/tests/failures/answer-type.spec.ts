import { failsBy, standsAlone, type Row } from '../../pages/failure.js';

const row: Row = {
  code: 'answer-type',
  status: 502,
  h1: "Wrengate and the development provider don't agree on how to sign in",
  body: "Wrengate asked for a kind of answer the development provider doesn't give. Only Wrengate's team can fix this.",
  ways: ['Back to start'],
  report: true,
};

standsAlone(row);
failsBy(row, ['unsupported_response_type']);
