import { setTimeout as sleep } from 'node:timers/promises';

import { Gauge, type Registry } from 'prom-client';

import { readDriftedObjects } from '../domain/deployments/drift/note-drift';
import type { Database } from '../platform/db/database';

/** Shorter than Prometheus waits. */
const patienceMs = 2_000;

/**
 * The metric `bmms_drifted_objects`, as the last look at each target has it, whichever process that was in. While PostgreSQL
 * does not answer it is absent, and the other figures are told all the same.
 */
export function exposeDriftedObjects(registry: Registry, database: Database): void {
  new Gauge({
    name: 'bmms_drifted_objects',
    help: 'Objects of a target that are not as they were deployed; bmms model drift names them.',
    labelNames: ['target'],
    registers: [registry],
    async collect() {
      const read = readDriftedObjects(database).catch(() => []);
      const found = await Promise.race([read, sleep(patienceMs, [], { ref: false })]);
      this.reset();
      found.forEach(({ target, objects }) => this.set({ target }, objects));
    },
  });
}
