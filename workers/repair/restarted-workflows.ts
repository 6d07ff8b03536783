import { Counter, type Registry } from 'prom-client';

/** Counts what was started again for rows that had lost their workflow: the metric `bmms_workflows_restarted_total`. */
export class RestartedWorkflows {
  private readonly counter: Counter<'kind'>;

  constructor(registry: Registry) {
    this.counter = new Counter({
      name: 'bmms_workflows_restarted_total',
      help: 'Workflows that Temporal had lost and that were started again from their rows.',
      labelNames: ['kind'],
      registers: [registry],
    });
  }

  /** @param workflowId `order/7`: the series names its kind alone */
  note(workflowId: string): void {
    this.counter.inc({ kind: workflowId.slice(0, workflowId.indexOf('/')) });
  }
}
