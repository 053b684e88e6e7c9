/**
 * Loads the library with its notices under control: it writes some to standard output, which here
 * belongs to the ready line, and it warns about Node 20, on which this use of it is known to work.
 */
const EXPECTED = [/Unsupported runtime/];

for (const level of ['log', 'info', 'warn']) {
  console[level] = (...words) => {
    const expected = EXPECTED.some((notice) => notice.test(String(words[0])));
    if (!expected) console.error(...words);
  };
}

export const { Provider, errors, interactionPolicy } = await import('oidc-provider');
