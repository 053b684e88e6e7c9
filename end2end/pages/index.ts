export { ready } from './ready.js';
export {
  agree, allowButton, begin, continueButton, giveName, signIn, type SignInOptions,
} from './sign-in.js';
export {
  problem, referenceOf, statusOf, type Problem,
} from './problem.js';
