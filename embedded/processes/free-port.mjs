import net from 'node:net';

const LOOPBACK = '127.0.0.1';
const HIGHEST_PORT = 65_535;

/**
 * @param {number} port
 * @param {string} [host]
 * @returns {Promise<boolean>} whether a server could listen there now
 */
export async function isPortFree(port, host = LOOPBACK) {
  const listened = await new Promise((resolve) => {
    const server = net.createServer();
    server.once('error', () => resolve(false));
    server.listen(port, host, () => server.close(() => resolve(true)));
  });

  // Some systems let 127.0.0.1 be bound beside a server on all addresses, so ask whether anybody answers too.
  return listened && !(await answersOn(port));
}

/** @param {number} port @returns {Promise<boolean>} whether a server on loopback takes connections there */
export function answersOn(port) {
  return new Promise((resolve) => {
    const socket = net.connect({ port, host: LOOPBACK });
    const settle = (/** @type {boolean} */ answered) => {
      socket.destroy();
      resolve(answered);
    };
    socket.setTimeout(1_000, () => settle(false));
    socket.once('connect', () => settle(true));
    socket.once('error', () => settle(false));
  });
}

/** @returns {Promise<number>} a port that the system says is free */
export function pickFreePort() {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once('error', reject);
    server.listen(0, LOOPBACK, () => {
      const address = /** @type {net.AddressInfo} */ (server.address());
      server.close(() => resolve(address.port));
    });
  });
}

/** @param {number} wanted where to begin @returns {Promise<number>} `wanted`, or the next free port after it */
export async function nextFreePort(wanted) {
  for (let port = wanted; port <= HIGHEST_PORT; port += 1) {
    if (await isPortFree(port)) {
      return port;
    }
  }

  return pickFreePort();
}
