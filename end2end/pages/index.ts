export { accessible } from './accessibility.js';
export {
  changed, completionsOf, holdAnswer, keepAttempt, keptAttempt,
} from './callback.js';
export { heldBack } from './held.js';
export { menu, menuButton, signOutByMenu } from './header.js';
export { openInspector, step, verdict } from './inspector.js';
export {
  problem, referenceOf, statusOf, type Problem,
} from './problem.js';
export { ready } from './ready.js';
export {
  agree, allowButton, begin, continueButton, giveName, signIn, type SignInOptions,
} from './sign-in.js';
