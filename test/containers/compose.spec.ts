import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import Ajv from 'ajv';

import { configurationNames, readConfig } from '../../platform/config';
import { services, workerServices } from '../../workers/services';
import { projectFolder } from '../environment/servers';
import {
  composeVariables,
  type ComposeService,
  productServices,
  readCompose,
  readEnvironmentFile,
  readWrittenCompose,
} from './read-compose';

const example = readFileSync(path.join(projectFolder, '.env.example'), 'utf8');
const folder = mkdtempSync(path.join(os.tmpdir(), 'bmms-compose-'));
const makeEnvironment = (): string =>
  execFileSync('sh', [path.join(projectFolder, 'containers', 'make-env.sh'), folder], { stdio: 'pipe' }).toString();

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** As an installation has it: made by the script, as nobody has changed it yet. */
const environment = (() => {
  makeEnvironment();

  return readEnvironmentFile(readFileSync(path.join(folder, '.env'), 'utf8'));
})();
const compose = readCompose(environment);
const product = productServices(compose);
const environmentOf = ({ environment: given = {} }: ComposeService): Record<string, string> =>
  Object.fromEntries(Object.entries(given).map(([name, value]) => [name, String(value)]));

describe('.env', () => {
  it('is made with secrets of its own, for its owner only, and is never written over', () => {
    const secrets = Object.entries(readEnvironmentFile(example)).filter(([, value]) => value === '<secret>');
    const made = secrets.map(([name]) => environment[name] ?? '');

    expect(secrets.map(([name]) => name)).toEqual(
      expect.arrayContaining(['JWT_SECRET', 'POSTGRES_PASSWORD', 'BMMS_OWNER_PASSWORD', 'BMMS_APP_PASSWORD']),
    );
    expect(made.filter((secret) => /^[0-9a-f]{48}$/.test(secret))).toHaveLength(secrets.length);
    expect(new Set(made).size).toBe(secrets.length);
    expect(statSync(path.join(folder, '.env')).mode & 0o777).toBe(0o600);
    expect(makeEnvironment).toThrow(/there already/);
  });

  it('names what the compose file takes, and nothing else', () => {
    const taken = new Set(composeVariables().map(({ name }) => name));
    const named = Object.keys(readEnvironmentFile(example));
    const withoutDefault = composeVariables().filter(({ operator }) => operator !== ':-');

    expect(named.filter((name) => !taken.has(name))).toEqual([]);
    expect(withoutDefault.map(({ name }) => name).filter((name) => !named.includes(name))).toEqual([]);
  });

  it('is in no repository', () => {
    expect(readFileSync(path.join(projectFolder, '.gitignore'), 'utf8').split('\n')).toContain('.env');
  });
});

describe('docker-compose.yml', () => {
  it('is as the schema of compose files has it', () => {
    const schema = JSON.parse(
      readFileSync(path.join(__dirname, 'compose-spec', 'compose-spec.json'), 'utf8'),
    ) as Record<string, unknown>;
    // Its name of the dialect is spelt another way than the dialect itself spells it.
    const validate = new Ajv({ allErrors: true, unknownFormats: 'ignore' }).compile({
      ...schema,
      $schema: 'http://json-schema.org/draft-07/schema#',
    });

    validate(compose);
    expect(validate.errors ?? []).toEqual([]);
    validate({ ...compose, services: { ...compose.services, broken: { image: 'a', replicas: 3 } } });
    expect(validate.errors).not.toEqual(null);
  });

  it('has a container for each service, and the API', () => {
    const commands = Object.fromEntries(
      product.filter(([, { restart }]) => restart === 'unless-stopped').map(([name, { command }]) => [name, command]),
    );

    expect(commands).toEqual({
      ...Object.fromEntries(workerServices.map(({ name }) => [name, ['worker', name]])),
      ...Object.fromEntries(services.filter(({ isApi }) => isApi === true).map(({ name }) => [name, ['api']])),
    });
  });

  it('gives every container an environment that its process accepts in production', () => {
    for (const [, service] of product) {
      expect(readConfig(environmentOf(service))).toMatchObject({ isProduction: true, HOST: '0.0.0.0' });
    }
  });

  it('names only variables that the product reads', () => {
    const unknown = product.flatMap(([name, service]) =>
      Object.keys(environmentOf(service))
        .filter((variable) => !configurationNames.includes(variable))
        .map((variable) => `${name}: ${variable}`),
    );

    expect(unknown).toEqual([]);
  });

  it('keeps the password of the owner of the tables to the jobs', () => {
    const withOwner = product.filter(([, service]) => 'DATABASE_ADMIN_URL' in environmentOf(service));

    expect(withOwner.map(([name]) => name)).toEqual(['migrate', 'installation']);
  });

  it('holds no secret itself', () => {
    const written = readWrittenCompose();
    const literal = Object.entries(written.services).flatMap(([name, service]) =>
      Object.entries(environmentOf(service))
        .filter(([variable]) => /PASSWORD|_PWD$|SECRET|DATABASE_(ADMIN_)?URL/.test(variable))
        .filter(
          ([, value]) =>
            !/^\$\{[A-Z_]+/.test(value) &&
            !/^postgresql:\/\/\w+:\$\{[A-Z_]+(:\?[^}]*)?\}@postgres:5432\/bmms$/.test(value),
        )
        .map(([variable]) => `${name}: ${variable}`),
    );

    expect(literal).toEqual([]);
  });

  it('names images by a version', () => {
    const foreign = Object.values(compose.services).filter(({ build }) => build === undefined);

    expect(foreign.length).toBeGreaterThan(5);
    expect(
      foreign.map(({ image }) => image).filter((image) => !/^[a-z/-]+:v?\d+\.\d+(\.\d+)?(-\w+)?$/.test(image)),
    ).toEqual([]);
  });

  it('brings files along that are there', () => {
    const mounted = Object.values(compose.services)
      .flatMap(({ volumes = [] }) => volumes)
      .map((volume) => volume.split(':')[0] ?? '')
      .filter((source) => source.startsWith('./'));

    expect(mounted.length).toBeGreaterThan(6);
    expect(mounted.filter((source) => !existsSync(path.join(projectFolder, source)))).toEqual([]);
  });

  it('keeps data in volumes that are declared, where PostgreSQL 18 has them', () => {
    const named = Object.values(compose.services)
      .flatMap(({ volumes = [] }) => volumes)
      .filter((volume) => /^[a-z]/.test(volume))
      .map((volume) => volume.split(':')[0]);

    expect(new Set(named)).toEqual(new Set(Object.keys(compose.volumes)));
    expect(compose.services['postgres']?.image).toMatch(/^postgres:18\./);
    expect(compose.services['postgres']?.volumes).toContain('postgres-data:/var/lib/postgresql');
  });

  it('makes the cluster of PostgreSQL as the tests and `npm start` have it, so that text sorts the same', () => {
    const embedded = readFileSync(path.join(projectFolder, 'embedded', 'postgres', 'postgres-data.mjs'), 'utf8');
    const given = String(compose.services['postgres']?.environment?.['POSTGRES_INITDB_ARGS']).split(' ');

    expect(given).toContain('--builtin-locale=C.UTF-8');
    expect(given.filter((argument) => !embedded.includes(`'${argument}'`))).toEqual([]);
  });

  it('lets several containers of a service run: only one door has a port of the machine', () => {
    expect(product.filter(([, { ports, container_name: name }]) => ports !== undefined || name !== undefined)).toEqual(
      [],
    );
    const open = Object.entries(compose.services).filter(([, { ports = [] }]) =>
      ports.some((port) => !port.startsWith('127.0.0.1:')),
    );

    expect(open.map(([name]) => name)).toEqual(['load-balancer']);
  });

  it('opens fewer connections than PostgreSQL takes, with three containers of each service', () => {
    const [, most] = /max_connections=(\d+)/.exec(compose.services['postgres']?.command?.join(' ') ?? '') ?? [];
    const ofProduct = product
      .filter(([, { restart }]) => restart === 'unless-stopped')
      .reduce((sum, [, one]) => sum + Number(environmentOf(one)['DATABASE_POOL_SIZE']), 0);
    // Temporal's four parts have 20 for their tables and 10 for visibility each.
    expect(3 * ofProduct + 4 * 30).toBeLessThan(Number(most));
  });

  it('waits for things that are there, and for jobs to the end', () => {
    const jobs = ['migrate', 'installation', 'temporal-schema', 'temporal-namespace'];

    for (const { depends_on: needs = {} } of Object.values(compose.services)) {
      for (const [name, condition] of Array.isArray(needs)
        ? needs.map((one) => [one, null] as const)
        : Object.entries(needs)) {
        expect(Object.keys(compose.services)).toContain(name);
        expect(condition?.condition === 'service_completed_successfully').toBe(jobs.includes(name));
      }
    }
  });
});
