import { productServices, readCompose } from '../containers/read-compose';
import { freePorts } from '../environment/free-ports';
import { projectFolder } from '../environment/servers';
import type { StartProduct } from '../environment/start-system';
import { composedProcesses } from './composed-processes';
import { describeImage } from './describe-image';
import { rehearsedEnvironment } from './rehearsed-settings';

/** Services that have a process of their own here; those that have next to nothing to do share one. */
const alone = ['order-svc', 'subscription-svc', 'payment-svc'];

/**
 * As docker-compose.yml starts them, by the image's own entry point and in its environment, but for what differs in tests: the
 * API, and four processes of workers.
 */
export const startComposed: StartProduct = ({ environment, logFolder }) => {
  const compose = readCompose(rehearsedEnvironment);
  const workers = productServices(compose).flatMap(([name, { command }]) => (command?.[0] === 'worker' ? [name] : []));
  const shared = workers.filter((name) => !alone.includes(name));
  const processes = composedProcesses({ compose, image: describeImage(projectFolder), addresses: {}, logFolder });
  const given = {
    // What the tests leave as it is without an environment.
    DEFAULT_COMPANY: 'demo',
    ...Object.fromEntries(
      Object.entries(environment).filter((entry): entry is [string, string] => entry[1] !== undefined),
    ),
  };
  const startBeside = async (service: string) => {
    const [health = 0, metrics = 0] = await freePorts(2);
    const ports = { WORKER_HEALTH_PORT: String(health), TEMPORAL_METRICS_PORT: String(metrics) };

    return processes.start(service, { ...given, ...ports });
  };

  return [
    processes.start('api-gateway', given),
    processes.start('notification-svc', given, shared),
    ...alone.map(startBeside),
  ];
};
