import v8 from 'node:v8';
import { isMainThread } from 'node:worker_threads';

/*
 * Preloaded into the worker host (`node --require`), and through it into its workflow threads. There the SDK notes the
 * stack of every promise, only to answer the query `__stack_trace`; that costs half of a workflow thread's time. Without
 * the hook it says that stack traces are off, its own way out on platforms that have none. Nothing else asks for it: what
 * an order waits for is in its details and in the query `status`.
 */
if (!isMainThread) {
  const createHook = (): never => {
    throw new Error('Stacks of promises are not noted. Set WORKFLOW_STACK_TRACES=true to have them.');
  };
  Object.assign(v8, { promiseHooks: { ...v8.promiseHooks, createHook } });
}
