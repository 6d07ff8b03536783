import v8 from 'node:v8';
import vm from 'node:vm';

let isPlain = false;

/**
 * Has the Workers of this process run workflows plainly: in its one thread, where the SDK also replays histories, instead of
 * one more thread for each Worker, two messages to it and back for each step, a heap for each, and
 * - without a note of the stack of every promise, which answers the query `__stack_trace` alone and costs half of a
 *   workflow's time. The SDK says then that stacks are off, its own way out on platforms that have none; what a workflow
 *   waits for is in its details and in the query `status`;
 * - without a time limit of each call into workflow code, for which Node starts and ends a thread each time. Against code
 *   that never comes back stands `guardAgainstLoops`.
 *
 * WORKFLOW_STACK_TRACES=true leaves all of that as the SDK has it.
 * @returns what Workers are to be created with
 */
export function runWorkflowsPlainly(): { debugMode: true } {
  if (!isPlain) {
    isPlain = true;
    noteNoStacks();
    limitNoCalls();
  }

  return { debugMode: true };
}

function noteNoStacks(): void {
  const createHook = (): never => {
    throw new Error('Stacks of promises are not noted. Set WORKFLOW_STACK_TRACES=true to have them.');
  };
  Object.assign(v8, { promiseHooks: { ...v8.promiseHooks, createHook } });
}

function limitNoCalls(): void {
  const { runInContext } = vm.Script.prototype;

  vm.Script.prototype.runInContext = function (context, options) {
    return runInContext.call(this, context, options && { ...options, timeout: undefined }) as unknown;
  };
}
