/** Unusual profiles that must still sign in, and do no harm on the way. */
import { ELSEWHERE } from '../switchboard/legs.js';
import { clerkShaped, fault } from './userinfo.js';
import { altered } from './ways.js';

export const PROFILE_FAULTS = [
  profile('userinfo-clerk', 'Shape of Clerk',
    'Names the person in sub and in user_id, the username in username, and adds private metadata.',
    (claims) => ({ ...clerkShaped(claims), user_id: claims.sub })),
  profile('userinfo-hostile', 'Hostile profile',
    'Fills the profile with markup, quotes, braces, bidi characters and a javascript: picture.',
    (claims) => ({
      ...claims,
      name: hostileName(),
      given_name: '<b>Ada</b>',
      preferred_username: '"><script>alert(1)</script>',
      picture: 'javascript:alert(1)',
      email_verified: 'true',
      unsafe_metadata: { note: 'unsafe-metadata-must-not-be-seen' },
    })),
  profile('userinfo-minimal', 'Only a subject', 'Answers nothing but sub.',
    ({ sub }) => ({ sub })),
  profile('userinfo-long-name', 'Long name', 'Gives a name of 200 characters, half of it from right to left.',
    (claims) => ({ ...claims, name: longName(200), given_name: 'Adalaidaviktorialovelace'.repeat(3) })),
  profile('userinfo-unverified', 'E-mail not verified', 'Says that the e-mail is not verified.',
    (claims) => ({ ...claims, email_verified: false })),
  profile('userinfo-verification-unknown', 'E-mail, verified or not', 'Leaves out email_verified.',
    (claims) => ({ ...claims, email_verified: undefined })),
  profile('userinfo-huge-name', 'Huge name', 'Gives a name of 100 KB with NUL and zero-width characters.',
    (claims) => ({ ...claims, name: `Ada\u0000\u200B\u200D Lovelace ${'x'.repeat(100 * 1024)}` })),
  profile('userinfo-claim-sources', 'Claims from elsewhere',
    'Says that the e-mail is to be fetched; whoever does is counted there as “elsewhere”.',
    ({ email: _email, ...claims }, { base }) => ({
      ...claims,
      _claim_names: { email: 'source' },
      _claim_sources: { source: { endpoint: base + ELSEWHERE, access_token: 'not-for-the-app' } },
    })),
  {
    ...profile('userinfo-picture', 'Picture of your choice', 'Gives the address you name as the picture.',
      (claims, { value }) => ({ ...claims, picture: value })),
    parameter: 'the address of the picture',
  },
];

function profile(name, title, description, alter) {
  return fault(name, title, null, description, altered(alter));
}

function hostileName() {
  const start = `<img src=x onerror=alert(1)> "quoted" 'quoted' {{7*7}} 👩‍💻 \u202Edrow\u202C `;
  return start + 'x'.repeat(300 - start.length);
}

function longName(length) {
  return 'Wilhelmina-Alexandrina محمد عبد الرحمن '.repeat(length).slice(0, length);
}
