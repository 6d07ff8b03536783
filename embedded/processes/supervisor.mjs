import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { delay } from './delay.mjs';
import { tailOf } from './log-tail.mjs';
import { Problem } from '../bootstrap/problem.mjs';
import { writeProcessRecord } from './process-record.mjs';
import { killRunningCommands } from './run-command.mjs';

/** A service that ends on its own is started again, but not for ever. */
const RESTARTS = 5;
const RESTART_WINDOW_MS = 120_000;
const FIRST_PAUSE_MS = 500;

/**
 * @typedef {import('./child-process.mjs').Child} Child
 *
 * @typedef {object} Supervisor
 * @property {string} token by which a later start knows our children
 * @property {(child: Child) => void} onChild takes note of a process the moment it exists
 * @property {(name: string, launch: () => Promise<Child>) => Promise<void>} keep starts a service and keeps it up
 * @property {Promise<Problem>} failed settles when a service cannot be kept up
 * @property {() => boolean} isStopping
 * @property {(progress: import('../bootstrap/progress.mjs').Progress) => Promise<boolean>} stop in the order of D10; false when one had to
 *   be killed
 * @property {() => void} kill everything at once
 */

/** Started in any order, stopped from the end: first who takes work in, last who holds the truth. */
const ORDER = ['PostgreSQL', 'Temporal', 'VNPay sandbox', 'Mail sandbox', 'Worker host', 'API'];

/**
 * @param {string} recordFile where the children are written down for the next start (see process-record.mjs)
 * @param {(text: string) => void} report told what a person should know
 * @returns {Supervisor}
 */
export function createSupervisor(recordFile, report) {
  const token = randomUUID();
  /** By name. @type {Map<string, Child>} */
  const services = new Map();
  let stopping = false;
  /** @type {(problem: Problem) => void} */
  let fail = () => undefined;
  const failed = /** @type {Promise<Problem>} */ (
    new Promise((resolve) => {
      fail = resolve;
    })
  );

  const inOrder = () => [...services.values()].sort((a, b) => ORDER.indexOf(a.name) - ORDER.indexOf(b.name));

  const onChild = (/** @type {Child} */ child) => {
    services.set(child.name, child);
    const children = inOrder().map(({ name, identity, stopLadder }) => ({ name, ...identity, stopLadder }));
    writeProcessRecord(recordFile, { token, children });
    if (stopping) {
      child.kill();
    }
  };

  /** @param {string} name @param {() => Promise<Child>} launch @param {Child} first */
  const watch = async (name, launch, first) => {
    /** @type {Child | null} null after a start that came to nothing */
    let child = first;
    /** @type {number[]} */
    let restarts = [];
    let problem = new Problem(`${name} cannot be started again.`);
    for (;;) {
      let what = 'did not come up; trying again';
      if (child !== null) {
        const { code, signal } = await child.exited;
        const how = signal ? `by ${signal}` : `with status ${code}`;
        problem = new Problem(`${name} keeps ending (last ${how}).`, { detail: tailOf(child.printed()) });
        what = `ended unexpectedly (${how}); starting it again`;
      }
      if (stopping) {
        return;
      }
      restarts = restarts.filter((at) => Date.now() - at < RESTART_WINDOW_MS);
      if (restarts.length >= RESTARTS) {
        fail(problem);
        return;
      }
      report(`${name} ${what}`);
      await delay(FIRST_PAUSE_MS * 2 ** restarts.length);
      restarts.push(Date.now());
      if (stopping) {
        return;
      }
      try {
        child = await launch();
        report(`${name} is up again`);
      } catch (error) {
        child = null;
        problem = error instanceof Problem ? error : new Problem(`${name} cannot be started again.`, { cause: error });
      }
    }
  };

  return {
    token,
    onChild,
    failed,
    isStopping: () => stopping,
    async keep(name, launch) {
      void watch(name, launch, await launch());
    },
    async stop(progress) {
      stopping = true;
      killRunningCommands();
      let clean = true;
      for (const child of inOrder().reverse()) {
        if (child.exit() === null) {
          const ended = await progress.step(`Stopping ${child.name}`, () => child.stop());
          if (!ended) {
            progress.line(`  ${child.name} did not end in time and was killed`);
          }
          clean &&= ended;
        }
      }
      rmSync(recordFile, { force: true });
      return clean;
    },
    kill() {
      stopping = true;
      killRunningCommands();
      services.forEach((child) => child.kill());
    },
  };
}

/**
 * Keeps a server up. The other services know it by its port: one that had to move when it was started again is of no use
 * to them.
 * @template {{ child: Child, port: number }} Server
 * @param {Supervisor} supervisor @param {string} name
 * @param {(former: Server | null) => Promise<Server>} launch former: on whose port it must come up again
 * @returns {Promise<Server>}
 */
export async function keepOnItsPort(supervisor, name, launch) {
  /** @type {Server | null} */
  let current = null;
  await supervisor.keep(name, async () => {
    const former = /** @type {Server | null} */ (current);
    current = await launch(former);
    if (former && former.port !== current.port) {
      const { child } = current;
      current = former;
      await child.stop();
      throw new Problem(`${name} could not be started again: another program has taken its port ${former.port}.`);
    }
    return current.child;
  });

  return /** @type {Server} */ (/** @type {unknown} */ (current));
}
