import path from 'node:path';
import pg from 'pg';
import { Problem } from '../../../embedded/bootstrap/problem.mjs';
import { startChild } from '../../../embedded/processes/child-process.mjs';
import { runCommand } from '../../../embedded/processes/run-command.mjs';
import { readComposed } from './composed-environment.mjs';

/** Ports of the server that nobody names in the compose file, since each container has its own. */
const PORTS = [
  'FRONTEND_GRPC_PORT',
  'FRONTEND_HTTP_PORT',
  'FRONTEND_MEMBERSHIP_PORT',
  'HISTORY_GRPC_PORT',
  'HISTORY_MEMBERSHIP_PORT',
  'MATCHING_GRPC_PORT',
  'MATCHING_MEMBERSHIP_PORT',
  'WORKER_GRPC_PORT',
  'WORKER_MEMBERSHIP_PORT',
];
const AT_ONCE = 12;

/**
 * Temporal's server on PostgreSQL, as docker-compose.yml has it: the same scripts make its tables and its namespaces, and the
 * same environment configures it, with addresses of this machine.
 * @param {object} options
 * @param {string} options.projectFolder
 * @param {string} options.tools folder with temporal-server and temporal-sql-tool
 * @param {string} options.cli the `temporal` command
 * @param {string} options.adminUrl of PostgreSQL
 * @param {string[]} options.namespaces beside that of the compose file
 * @param {number} options.wantedPort
 * @param {(wanted: number) => Promise<number>} options.claimPort
 * @param {string} options.logFile
 * @param {string} options.token
 * @param {(child: import('../../../embedded/processes/child-process.mjs').Child) => void} options.onChild
 * @param {import('../../../embedded/bootstrap/progress.mjs').Update} options.update
 * @returns {Promise<string>} host:port
 */
export async function startTemporalOnPostgres(options) {
  const { projectFolder, tools, cli, adminUrl, namespaces, claimPort, update } = options;
  const { hostname, port } = new URL(adminUrl);
  const compose = (/** @type {string} */ service) => readComposed(projectFolder, service).environment;
  const scripts = path.join(projectFolder, 'containers', 'temporal');
  const PATH = [tools, path.dirname(cli), process.env.PATH].join(path.delimiter);

  update('its databases');
  const server = compose('temporal');
  await makeDatabases(adminUrl, server.POSTGRES_PWD ?? '');
  await runScript(path.join(scripts, 'set-up-schema.sh'), {
    ...compose('temporal-schema'),
    SQL_HOST: hostname,
    SQL_PORT: port,
    PATH,
  });

  update('the server');
  /** @type {Record<string, string>} */
  const ports = {};
  for (const [index, name] of PORTS.entries()) {
    ports[name] = String(await claimPort(options.wantedPort + index));
  }
  const child = await startChild({
    name: 'temporal-server',
    command: path.join(tools, 'temporal-server'),
    args: ['--allow-no-auth', 'start'],
    // Without files of a configuration, the environment is all of it.
    cwd: path.dirname(options.logFile),
    env: {
      ...server,
      ...ports,
      PATH,
      POSTGRES_SEEDS: hostname,
      DB_PORT: port,
      BIND_ON_IP: '127.0.0.1',
      PROMETHEUS_ENDPOINT: `127.0.0.1:${await claimPort(options.wantedPort + PORTS.length)}`,
      DYNAMIC_CONFIG_FILE_PATH: path.join(scripts, 'dynamic-config.yaml'),
    },
    logFile: options.logFile,
    stopLadder: [
      { signal: 'SIGTERM', waitMs: 20_000 },
      { signal: 'SIGKILL', waitMs: 2_000 },
    ],
    token: options.token,
  });
  options.onChild(child);
  const address = `127.0.0.1:${ports.FRONTEND_GRPC_PORT}`;

  update('its namespaces');
  const wanted = [String(compose('temporal-namespace').TEMPORAL_NAMESPACE), ...namespaces];
  for (let from = 0; from < wanted.length; from += AT_ONCE) {
    await Promise.all(
      wanted.slice(from, from + AT_ONCE).map((namespace) =>
        runScript(path.join(scripts, 'create-namespace.sh'), {
          ...compose('temporal-namespace'),
          TEMPORAL_ADDRESS: address,
          TEMPORAL_NAMESPACE: namespace,
          PATH,
          HOME: path.dirname(options.logFile),
        }),
      ),
    );
  }

  return address;
}

/** As containers/postgres/create-databases.sql makes them. @param {string} adminUrl @param {string} password */
async function makeDatabases(adminUrl, password) {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    await client.query(`CREATE ROLE temporal LOGIN PASSWORD ${pg.escapeLiteral(password)}`);
    await client.query('CREATE DATABASE temporal OWNER temporal');
    await client.query('CREATE DATABASE temporal_visibility OWNER temporal');
  } finally {
    await client.end();
  }
}

/** @param {string} script @param {NodeJS.ProcessEnv} env */
async function runScript(script, env) {
  const { code, tail } = await runCommand({ command: 'sh', args: [script], cwd: path.dirname(script), env });
  if (code !== 0) {
    throw new Problem(`${path.basename(script)} ended with ${code}: ${tail}`);
  }
}
