import type { Logger } from '../platform/logger';

/** A process that was asked to end and has not done so by then is ended. */
const deadlineMs = 30_000;

/**
 * Keeps a long-running command until SIGTERM, SIGINT or the end of the IPC channel asks it to stop; then drains it, once.
 * A second signal ends the process at once. Tells a parent that started it with an IPC channel when it is up.
 */
export function runUntilStopped(options: {
  name: string;
  url?: string | undefined;
  logger: Logger;
  stop: () => Promise<void>;
}): Promise<void> {
  const { name, url, logger } = options;

  return new Promise((resolve, reject) => {
    let isStopping = false;

    const stop = (reason: string): void => {
      if (isStopping) {
        process.exit(1);
      }
      isStopping = true;
      logger.info({ reason }, `${name} stops`);
      setTimeout(() => {
        logger.error(`${name} did not stop within ${deadlineMs / 1000} s`);
        process.exit(1);
      }, deadlineMs).unref();
      options.stop().then(() => {
        logger.info(`${name} stopped`);
        // The channel to a parent would keep the process up.
        process.removeAllListeners('disconnect');
        if (process.connected) {
          process.disconnect();
        }
        resolve();
      }, reject);
    };

    process.on('SIGTERM', () => stop('SIGTERM'));
    process.on('SIGINT', () => stop('SIGINT'));
    if (process.send !== undefined) {
      process.once('disconnect', () => stop('parent gone'));
      process.send({ type: 'ready', ...(url === undefined ? {} : { url }) });
    }
  });
}
