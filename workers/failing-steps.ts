import { ApplicationFailure } from '@temporalio/common';
import type { ActivityInboundCallsInterceptor, ActivityInterceptorsFactory } from '@temporalio/worker';
import { Gauge, type Registry } from 'prom-client';

import type { Clock } from '../platform/clock';

/** A step of a workflow that does not get through: it is tried again, and what waits behind it waits. */
export interface FailingStep {
  workflowId: string;
  step: string;
  tries: number;
  /** ISO 8601 */
  since: string;
  reason: string;
}

/** Deadlocks and hiccups are over by then. */
const triesBeforeTold = 5;

/** What is refused for good is tried again every hour; what was not heard of for longer has ended. Milliseconds. */
const forgottenAfter = 2 * 3_600_000;

/**
 * Steps that keep failing, as the Workers of this process see them: each goes when it gets through. Told by `/failing-steps`
 * of the worker host, by the metric `bmms_failing_steps` and by `bmms doctor`.
 */
export class FailingSteps {
  private readonly steps = new Map<string, FailingStep & { heardAt: number }>();

  constructor(private readonly clock: Clock) {}

  note(key: string, step: Omit<FailingStep, 'since'>): void {
    const now = this.clock.now();
    const since = this.steps.get(key)?.since ?? now.toISOString();
    this.steps.set(key, { ...step, since, heardAt: now.getTime() });
  }

  forget(key: string): void {
    this.steps.delete(key);
  }

  /** Longest first. */
  list(): FailingStep[] {
    const oldest = this.clock.now().getTime() - forgottenAfter;

    for (const [key, { heardAt }] of this.steps) {
      if (heardAt < oldest) {
        this.steps.delete(key);
      }
    }

    return [...this.steps.values()]
      .map(({ heardAt: _, ...step }) => step)
      .sort((left, right) => left.since.localeCompare(right.since));
  }

  /** No label names a workflow: series stay few. */
  expose(registry: Registry): void {
    const list = () => this.list();
    new Gauge({
      name: 'bmms_failing_steps',
      help: 'Steps of workflows that keep failing; /failing-steps names them.',
      labelNames: ['step'],
      registers: [registry],
      collect() {
        this.reset();
        list().forEach(({ step }) => this.inc({ step }));
      },
    });
  }
}

/** For every Worker of the process: sees each try of each step. */
export function watchSteps(failing: FailingSteps): ActivityInterceptorsFactory {
  return ({ info }) => ({
    inbound: {
      async execute(input, next) {
        const workflowId = info.workflowExecution?.workflowId ?? '';
        const what = workOf(input);
        const key = `${workflowId} ${info.activityType} ${what}`;
        const step = what === '' ? info.activityType : `${info.activityType}: ${what}`;
        const note = (reason: string) => failing.note(key, { workflowId, step, tries: info.attempt, reason });

        try {
          const result = await next(input);
          const refusal = refusalOf(result);

          // Who asked for something hears of its refusal; what is due, and a defect, nobody hears of.
          if (refusal !== null && (what === 'due' || refusal.code === 'internal')) {
            note(refusal.detail);
          } else if (refusal === null) {
            failing.forget(key);
          }

          return result;
        } catch (error) {
          const isFinal = error instanceof ApplicationFailure && error.nonRetryable === true;

          if (info.attempt >= triesBeforeTold || (isFinal && error.type !== 'payment_method_unavailable')) {
            note(error instanceof Error ? error.message : String(error));
          }
          throw error;
        }
      },
    },
  });
}

type Input = Parameters<NonNullable<ActivityInboundCallsInterceptor['execute']>>[0];

/** Of a subscription's step: `due`, `command`, `payment`. */
function workOf({ args }: Input): string {
  const [first] = args as [{ work?: { kind?: unknown } } | undefined];

  return typeof first?.work?.kind === 'string' ? first.work.kind : '';
}

function refusalOf(result: unknown): { code: string; detail: string } | null {
  const refused = result as { kind?: unknown; error?: { code: string; detail: string } } | undefined;

  return refused?.kind === 'refused' && refused.error !== undefined ? refused.error : null;
}
