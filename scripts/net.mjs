// Three questions that bash cannot ask everywhere:
//   net.mjs free HOST:PORT   can I listen there?   net.mjs ok URL   does it answer 200?   net.mjs port   one that is free
import { createServer } from "node:net";

const listen = (options) =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(options, () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

const [, , question, subject] = process.argv;
const answers = {
  async free() {
    const { hostname, port } = new URL(`tcp://${subject}`);
    await listen({ host: hostname.replace(/^\[|\]$/g, ""), port: Number(port), exclusive: true });
  },
  async ok() {
    const response = await fetch(subject, { redirect: "manual", signal: AbortSignal.timeout(2000) });
    if (response.status !== 200) throw new Error(`${subject} answers ${response.status}`);
  },
  async port() {
    console.log(await listen({ host: "127.0.0.1", port: 0 }));
  },
};

try {
  await answers[question]();
} catch (error) {
  console.error(error.cause?.message ?? error.message);
  process.exitCode = 1;
}
