import { execFile } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

import { type ComposeFile, type ComposeService } from '../containers/read-compose';
import { endProcesses, startCommand, type StartedProcess } from '../environment/child-process';
import { freePorts } from '../environment/free-ports';
import type { Image } from './describe-image';

const run = promisify(execFile);

/** A container of the product as a process of this machine. */
export interface Container extends StartedProcess {
  service: string;
  environment: Record<string, string>;
}

/** Runs the containers that a compose file describes as processes: the same commands in the same environments. */
export interface ComposedProcesses {
  /** The environment that the compose file gives a service, with addresses of this machine. */
  environmentOf(service: string): Record<string, string>;
  /** Runs a job to its end. @param changes to the environment of the compose file */
  runJob(service: string, changes?: Record<string, string>): Promise<void>;
  /**
   * @param changes to the environment of the compose file
   * @param services whose workers run in this one process, where they are several
   */
  start(service: string, changes?: Record<string, string>, services?: readonly string[]): Promise<Container>;
  stop(containers: readonly Container[]): Promise<void>;
  /** Asks the image's own health check. @throws Error of a container that is not healthy */
  checkHealth(container: Container): Promise<void>;
}

/**
 * @param options.addresses what stands in the compose file for a server, and what leads there on this machine
 * @param options.logFolder where each writes its log
 */
export function composedProcesses(options: {
  compose: ComposeFile;
  image: Image;
  addresses: Record<string, string>;
  logFolder: string;
}): ComposedProcesses {
  const { compose, image, addresses, logFolder } = options;
  const [, ...entry] = image.entrypoint;
  mkdirSync(logFolder, { recursive: true });
  let started = 0;

  const environmentOf = (service: string): Record<string, string> =>
    Object.fromEntries(
      Object.entries(writtenEnvironment(compose.services[service])).map(([name, value]) => [
        name,
        Object.entries(addresses).reduce((text, [there, here]) => text.replaceAll(there, here), value),
      ]),
    );
  // Nothing of this machine's environment reaches a container.
  const inImage = (environment: Record<string, string>) => ({
    cwd: image.folder,
    env: { PATH: process.env['PATH'], ...image.environment, ...environment },
  });
  const commandOf = (service: string): string[] => compose.services[service]?.command ?? [];

  return {
    environmentOf,
    async runJob(service, changes = {}) {
      const environment = { ...environmentOf(service), ...changes };
      await run(process.execPath, [...entry, ...commandOf(service)], { ...inImage(environment), maxBuffer: 50e6 });
    },
    async start(service, changes = {}, services = []) {
      const [port = 0, health = 0, core = 0] = await freePorts(3);
      const environment = {
        ...environmentOf(service),
        HOST: '127.0.0.1',
        PORT: String(port),
        WORKER_HEALTH_PORT: String(health),
        TEMPORAL_METRICS_PORT: String(core),
        ...changes,
      };
      started += 1;
      const process = await startCommand({
        name: service,
        args: [...entry, ...(services.length === 0 ? commandOf(service) : ['worker', ...services])],
        ...inImage(environment),
        logFile: path.join(logFolder, `${service}-${started}.log`),
        readyWithinMs: 240_000,
      });

      return { ...process, service, environment };
    },
    stop: (containers) =>
      endProcesses(
        containers.map(({ pid }) => pid),
        45_000,
      ),
    async checkHealth({ environment }) {
      const [, ...words] = image.healthcheck;
      await run(process.execPath, words, inImage(environment));
    },
  };
}

function writtenEnvironment(service: ComposeService | undefined): Record<string, string> {
  return Object.fromEntries(Object.entries(service?.environment ?? {}).map(([name, value]) => [name, String(value)]));
}
