import https from 'node:https';

/** @typedef {{ server: string, ca: string, token: string }} Cluster */

/**
 * One request to the API server, as its administrator.
 * @param {Cluster} cluster @param {string} method @param {string} path @param {unknown} [body]
 * @returns {Promise<{ status: number, body: any }>} fails when there is no answer
 */
export function callCluster({ server, ca, token }, method, path, body) {
  return new Promise((resolve, reject) => {
    const request = https.request(
      `${server}${path}`,
      {
        method,
        ca,
        timeout: 5_000,
        headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      },
      (response) => {
        /** @type {Buffer[]} */
        const chunks = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          resolve({ status: response.statusCode ?? 0, body: text.startsWith('{') ? JSON.parse(text) : text });
        });
      },
    );
    request.once('timeout', () => request.destroy(new Error('no answer')));
    request.once('error', reject);
    request.end(body === undefined ? undefined : JSON.stringify(body));
  });
}
