import { failsBy, standsAlone, type Row } from '../../pages/failure.js';

const row: Row = {
  code: 'consent-needed',
  status: 403,
  h1: 'The development provider needs your permission',
  body: "You haven't agreed to share your details with Wrengate yet. You can see what it asks for first.",
  ways: ['Review and continue', 'Back to start'],
};

standsAlone(row);

// The consent page is shown although the person agreed before: that is what the button promises.
failsBy(row, ['consent_required'], { asks: 'consent' });
