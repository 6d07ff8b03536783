import path from 'node:path';

import { startCommand } from '../environment/child-process';
import { projectFolder } from '../environment/servers';
import type { ComposedProcesses, Container } from './composed-processes';

/** A provider's stand-in beside the containers; no container has one. */
export async function startSandbox(
  name: 'vnpay' | 'mail',
  options: { processes: ComposedProcesses; changes: Record<string, string> },
): Promise<Container> {
  const environment = { ...options.processes.environmentOf('api-gateway'), ...options.changes };
  const started = await startCommand({
    name,
    args: [path.join(projectFolder, 'dist', 'cli', 'bmms.js'), 'sandbox', name],
    cwd: projectFolder,
    env: { PATH: process.env['PATH'], ...environment },
    logFile: path.join(projectFolder, '.bmms-test', 'logs', `rehearsal-sandbox-${name}.log`),
  });

  return { ...started, service: `sandbox ${name}`, environment };
}
