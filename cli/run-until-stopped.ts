import type { Logger } from '../platform/logger';

/** A process that was asked to end and has not done so by then is ended. */
const deadlineMs = 30_000;

/**
 * Keeps a long-running command until SIGTERM, SIGINT or the end of the IPC channel asks it to stop; then drains it, once.
 * A second Ctrl-C ends the process at once. Tells a parent that started it with an IPC channel when it is up.
 */
export function runUntilStopped(options: {
  name: string;
  url?: string | undefined;
  logger: Logger;
  stop: () => Promise<void>;
}): Promise<never> {
  const { name, url, logger } = options;

  return new Promise((_resolve, reject) => {
    let asked: string[] = [];

    const stop = (reason: string): void => {
      asked = [...asked, reason];
      if (asked.filter((one) => one === 'SIGINT').length > 1) {
        process.exit(1);
      }
      if (asked.length > 1) {
        return;
      }
      logger.info({ reason }, `${name} stops`);
      setTimeout(() => {
        logger.error(`${name} did not stop within ${deadlineMs / 1000} s`);
        process.exit(1);
      }, deadlineMs).unref();
      options.stop().then(() => {
        logger.info(`${name} stopped`);
        // Idle connections of libraries would keep the process up for seconds.
        process.exit(0);
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
