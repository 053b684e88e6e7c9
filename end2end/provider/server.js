/**
 * Entry point of the development provider. Standard output carries one line of JSON, so that a
 * script can wait for it and read the issuer; everything meant for people goes to standard error.
 */
import { readSettings, SettingError } from './settings.js';
import { startProvider } from './start.js';
import { PortInUse } from './listen.js';

const CANNOT_START = 2;

async function main() {
  const provider = await startProvider(readSettings(process.env));
  let stopping = false;
  const stop = async () => {
    if (stopping) return;
    stopping = true;
    await provider.close();
    process.exit(0);
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);

  const { issuer, publicClientId, confidentialClientId } = provider;
  const ready = {
    ready: true,
    issuer,
    client_id: publicClientId,
    confidential_client_id: confidentialClientId,
  };
  process.stdout.write(`${JSON.stringify(ready)}\n`);
  console.error(`Development provider at ${issuer}, switchboard at ${issuer}/switchboard`);
}

try {
  await main();
} catch (error) {
  if (!(error instanceof PortInUse) && !(error instanceof SettingError)) throw error;
  console.error(error.message);
  process.exitCode = CANNOT_START;
}
