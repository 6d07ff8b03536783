/**
 * One Ctrl-C often arrives twice: the terminal sends it to the whole process group, and npm passes it on. Signals this
 * close together are one wish.
 */
const SAME_WISH_MS = 1_000;
const SIGNALS = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);

/**
 * Listens for Ctrl-C and its kin.
 * @param {{ stop: (signal: NodeJS.Signals) => void, kill: () => void }} handlers stop: on the first; kill: on a later one
 * @returns {() => void} stops listening
 */
export function listenForStop({ stop, kill }) {
  let firstAt = 0;
  const listener = (/** @type {NodeJS.Signals} */ signal) => {
    if (firstAt === 0) {
      firstAt = Date.now();
      stop(signal);
    } else if (Date.now() - firstAt > SAME_WISH_MS) {
      kill();
    }
  };
  SIGNALS.forEach((signal) => process.on(signal, listener));

  return () => SIGNALS.forEach((signal) => process.off(signal, listener));
}
