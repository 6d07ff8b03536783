import { createWriteStream } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { pipeline } from 'node:stream/promises';

export const CONNECT_LIMIT_MS = 10_000;
const STALL_LIMIT_MS = 30_000;
const MAX_REDIRECTS = 5;

/**
 * Downloads a file. Gives up when no answer has begun within `connectLimitMs` (name look-up, connection and
 * redirections together), or when nothing more comes for 30 s.
 * @param {string} url @param {string} destination
 * @param {{ connectLimitMs?: number, onProgress?: (received: number, total: number | null) => void }} [options] bytes
 * @returns {Promise<void>} rejects with an Error whose message is a short reason
 */
export async function downloadFile(url, destination, { connectLimitMs = CONNECT_LIMIT_MS, onProgress } = {}) {
  const response = await open(url, connectLimitMs);
  const total = Number(response.headers['content-length']) || null;
  let received = 0;
  response.setTimeout(STALL_LIMIT_MS, () => response.destroy(new Error('nothing came for 30 s')));
  response.on('data', (chunk) => {
    received += chunk.length;
    onProgress?.(received, total);
  });
  await pipeline(response, createWriteStream(destination, { mode: 0o600 }));
  if (total !== null && received !== total) {
    throw new Error(`ended after ${received} of ${total} bytes`);
  }
}

/** @param {string} url @param {number} limitMs @returns {Promise<http.IncomingMessage>} an answer with status 200 */
async function open(url, limitMs) {
  const deadline = Date.now() + limitMs;
  let place = url;
  for (let hop = 0; hop <= MAX_REDIRECTS; hop += 1) {
    const response = await request(place, deadline - Date.now(), limitMs);
    const { statusCode = 0, headers } = response;
    if (statusCode >= 300 && statusCode < 400 && headers.location) {
      response.resume();
      place = new URL(headers.location, place).href;
      continue;
    }
    if (statusCode !== 200) {
      response.resume();
      throw new Error(`HTTP status ${statusCode}`);
    }
    return response;
  }

  throw new Error('too many redirections');
}

/** @param {string} url @param {number} timeLeftMs @param {number} limitMs @returns {Promise<http.IncomingMessage>} */
function request(url, timeLeftMs, limitMs) {
  return new Promise((resolve, reject) => {
    const client = url.startsWith('https:') ? https : http;
    const call = client.get(url, { headers: { 'user-agent': 'bmms' } }, (response) => {
      clearTimeout(timer);
      resolve(response);
    });
    // A plain socket timeout would not cover the look-up of the name, which may hang as well.
    const timer = setTimeout(
      () => call.destroy(new Error(`no answer within ${limitMs / 1000} s`)),
      Math.max(1, timeLeftMs),
    );
    call.once('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
  });
}
