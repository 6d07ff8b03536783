import { DefaultLogger, makeTelemetryFilterString, Runtime } from '@temporalio/worker';

import type { Config } from '../platform/config';
import type { Logger } from '../platform/logger';

/** Once per process, before the first Worker: the SDK's logs go through pino, its metrics to a Prometheus port. */
export function installTemporalRuntime({ config, logger }: { config: Config; logger: Logger }): void {
  Runtime.install({
    shutdownSignals: [],
    logger: new DefaultLogger('INFO', ({ level, message, meta }) => {
      const { error, ...rest } = meta ?? {};
      const line = { ...rest, ...(error === undefined ? {} : { err: error as Error }) };

      switch (level) {
        case 'ERROR':
          return logger.error(line, message);
        case 'WARN':
          // Services without workflows are as they are meant to be.
          return message.startsWith('No workflows registered')
            ? logger.debug(line, message)
            : logger.warn(line, message);
        default:
          return logger.debug(line, message);
      }
    }),
    telemetryOptions: {
      logging: { filter: makeTelemetryFilterString({ core: 'WARN', other: 'ERROR' }), forward: {} },
      ...(config.TEMPORAL_METRICS_PORT === undefined
        ? {}
        : { metrics: { prometheus: { bindAddress: `${config.HOST}:${config.TEMPORAL_METRICS_PORT}` } } }),
    },
  });
}
