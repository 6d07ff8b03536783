import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

import { droppedLogLines } from './log-destination';

/**
 * What a process tells Prometheus. No label names a company, a customer or an id: series stay few, and metrics tell
 * nobody about a tenant.
 */
export interface Metrics {
  readonly registry: Registry;
  /** Seconds per answered request, by method, route pattern and status. */
  readonly httpRequests: Histogram<'method' | 'route' | 'status'>;
  /** Orders being placed at this moment; at most MAX_PLACEMENTS. */
  readonly placementsInFlight: Gauge;
  /** The text Prometheus reads. */
  render(): Promise<string>;
}

/** @param options.process name of the process, a label of every series: `api`, `worker` */
export function createMetrics(options: { process: string }): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ process: options.process });
  collectDefaultMetrics({ register: registry });
  new Counter({
    name: 'bmms_log_lines_dropped_total',
    help: 'Log lines that could not be written, as on a full disk.',
    registers: [registry],
    collect() {
      this.reset();
      this.inc(droppedLogLines());
    },
  });

  return {
    registry,
    httpRequests: new Histogram({
      name: 'bmms_http_request_duration_seconds',
      help: 'Time from a request to its answer.',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25],
      registers: [registry],
    }),
    placementsInFlight: new Gauge({
      name: 'bmms_placements_in_flight',
      help: 'Orders being placed at this moment.',
      registers: [registry],
    }),
    render: () => registry.metrics(),
  };
}
