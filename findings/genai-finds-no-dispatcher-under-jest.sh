#!/usr/bin/env bash
# Under Jest every request of @google/genai fails before it leaves, though fetch works there.
#
# Seen: @google/genai 2.32.0 with Jest 30.2.0 (environment "node"), Node 20.20.2. The same call that is
# answered in plain Node fails in a test with "fetch failed", cause "Undici globalDispatcher is not available.": the
# library hands fetch a dispatcher of its own that looks the real one up on globalThis by a symbol. Jest gives tests
# fetch and Headers, but another globalThis, on which the symbol never appears. Expected by most: what fetch reaches,
# a client on top of fetch reaches. Whoever falls back on an error would take it for an outage.
# What to do: give the client `httpOptions.fetch`, a function that calls fetch; then it adds no dispatcher.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes > /dev/null
npm install --silent --ignore-scripts --no-audit --no-fund @google/genai@2.32.0 jest@30.2.0
cat > ask.js <<'JS'
const { createServer } = require('node:http');
const { GoogleGenAI } = require('@google/genai');

/** Asks a server of this machine once. @returns its answer, or why there is none */
exports.ask = async (options) => {
  const answer = { candidates: [{ content: { role: 'model', parts: [{ text: 'read' }] }, finishReason: 'STOP' }] };
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(answer));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const baseUrl = `http://127.0.0.1:${server.address().port}`;
  const client = new GoogleGenAI({ apiKey: 'none', httpOptions: { baseUrl, ...options } });

  try {
    const { text } = await client.models.generateContent({ model: 'any', contents: 'any' });

    return `answered: ${text}; plain fetch: ${(await fetch(baseUrl)).status}`;
  } catch (error) {
    return `failed: ${error.cause?.cause?.message}; plain fetch: ${(await fetch(baseUrl)).status}`;
  } finally {
    server.closeAllConnections();
    server.close();
  }
};
JS
cat > ask.test.js <<'JS'
const { writeFileSync } = require('node:fs');
const { ask } = require('./ask');

it('asks', async () => {
  const own = await ask({ fetch: (...request) => fetch(...request) });
  writeFileSync('seen.txt', `Jest: ${await ask({})}\nJest, with httpOptions.fetch: ${own}\n`);
});
JS
node -e "require('./ask').ask({}).then((seen) => console.log('Node:', seen))" | tee plain.txt
npx jest --silent > jest.txt 2>&1 || { cat jest.txt; exit 1; }
cat seen.txt
[ "$(cat plain.txt seen.txt)" = 'Node: answered: read; plain fetch: 200
Jest: failed: Undici globalDispatcher is not available.; plain fetch: 200
Jest, with httpOptions.fetch: answered: read; plain fetch: 200' ]
echo "as described"
