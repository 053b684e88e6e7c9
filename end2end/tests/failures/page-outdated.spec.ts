import { standsAlone, type Row } from '../../pages/failure.js';

// Nothing can end here yet: pages do not say of which version they are.
const row: Row = {
  code: 'page-outdated',
  status: 409,
  h1: 'This page is out of date',
  body: 'Wrengate was updated while this page was open. Reload to get the new version; what you typed is kept.',
  ways: ['Reload'],
};

standsAlone(row);
