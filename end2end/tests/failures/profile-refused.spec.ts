import { failsBy, standsAlone, type Row } from '../../pages/failure.js';

const row: Row = {
  code: 'profile-refused',
  status: 403,
  h1: "Wrengate isn't allowed to see your profile",
  body: "The development provider won't share your profile without extra permission, so you can't be signed in.",
  ways: ['Allow access', 'Back to start'],
};

standsAlone(row);
failsBy(row, ['userinfo-403'], { asks: 'consent' });
