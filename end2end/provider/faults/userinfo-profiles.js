/** Unusual profiles that must still sign in, and do no harm on the way. */
import { fault } from './userinfo.js';
import { altered } from './ways.js';

export const PROFILE_FAULTS = [
  profile('userinfo-clerk', 'Shape of Clerk',
    'Names the person in user_id instead of sub, and adds private metadata; where sub is expected the end is subject-mismatch.',
    (claims) => ({
      object: 'oauth_user_info',
      instance_id: 'ins_development',
      user_id: claims.sub,
      email: claims.email,
      email_verified: claims.email_verified,
      family_name: claims.family_name,
      given_name: claims.given_name,
      name: claims.name,
      username: claims.preferred_username,
      picture: claims.picture,
      public_metadata: {},
      private_metadata: { note: 'private-metadata-must-not-be-seen' },
    })),
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
