import { failsBy, standsAlone, type Row } from '../../pages/failure.js';

const row: Row = {
  code: 'option-unknown',
  status: 502,
  h1: "Wrengate used an option the development provider doesn't support",
  body: "This is a fault in how Wrengate is set up. Only Wrengate's team can fix it.",
  ways: ['Back to start'],
  report: true,
};

standsAlone(row);
failsBy(row, [
  'request_not_supported', 'request_uri_not_supported', 'registration_not_supported',
  'invalid_request_uri', 'invalid_request_object',
]);
