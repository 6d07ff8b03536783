import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { manifestValues } from '../../gateways/kubernetes/render/manifest-values';
import { projectFolder } from '../environment/servers';
import { copyOf, readDockerfile, stagesOf, variablesOf } from './read-dockerfile';
import { isIgnored } from './read-ignore-list';

const instructions = readDockerfile(readFileSync(path.join(projectFolder, 'Dockerfile'), 'utf8'));
const stages = stagesOf(instructions);
const last = stages.at(-1)?.steps ?? [];
const stepsOf = (word: string) => last.filter((step) => step.word === word);
const fromProject = instructions.filter(({ word, flags }) => word === 'COPY' && flags['from'] === undefined);

describe('a reader of Dockerfiles', () => {
  it('reads comments, continuations and flags', () => {
    expect(
      readDockerfile('# a\nfrom x AS y\nCOPY --from=y --chmod=755 a b /c\nRUN one \\\n  # no\n  && two\n'),
    ).toEqual([
      { word: 'FROM', flags: {}, rest: 'x AS y' },
      { word: 'COPY', flags: { from: 'y', chmod: '755' }, rest: 'a b /c' },
      { word: 'RUN', flags: {}, rest: 'one    && two' },
    ]);
  });
});

describe('the image', () => {
  it('is built on one pinned Node 24', () => {
    const image = instructions.find(({ word, rest }) => word === 'ARG' && rest.startsWith('NODE_IMAGE='))?.rest;

    expect(image).toMatch(/^NODE_IMAGE=node:24\.\d+\.\d+-\w+-slim$/);
    expect(instructions.filter(({ word }) => word === 'FROM').map(({ rest }) => rest.split(' ')[0])).toEqual(
      stages.map(() => '${NODE_IMAGE}'),
    );
  });

  it('runs as a number that is not root, as runAsNonRoot of Kubernetes wants', () => {
    expect(stepsOf('USER').map(({ rest }) => rest)).toEqual(['1000:1000']);
    expect(last.findIndex(({ word }) => word === 'USER')).toBeGreaterThan(
      last.map(({ word }) => word).lastIndexOf('COPY'),
    );
  });

  it('copies what is there and what no list keeps out', () => {
    const sources = fromProject.flatMap((step) => copyOf(step).sources).filter((source) => source !== '.');

    expect(sources).toEqual(
      expect.arrayContaining(['package.json', 'package-lock.json', 'prisma/migrations', 'k8s-templates']),
    );
    expect(sources.filter((source) => !existsSync(path.join(projectFolder, source)))).toEqual([]);
    expect(sources.filter((source) => isIgnored(projectFolder, source))).toEqual([]);
  });

  it('copies from stages that are there', () => {
    const from = instructions.flatMap(({ word, flags }) =>
      word === 'COPY' && flags['from'] !== undefined ? [flags['from']] : [],
    );

    expect(from).not.toEqual([]);
    expect(from.filter((name) => !stages.some((stage) => stage.name === name))).toEqual([]);
  });

  it('is built from everything that the compiler takes', () => {
    const { include } = JSON.parse(readFileSync(path.join(projectFolder, 'tsconfig.build.json'), 'utf8')) as {
      include: string[];
    };
    const needed = [...include, 'tsconfig.json', 'tsconfig.build.json', 'prisma.config.ts', 'prisma/schema', '.npmrc'];

    expect(needed.filter((file) => isIgnored(projectFolder, file))).toEqual([]);
  });

  it.each([
    '.env',
    '.env.example',
    '.bmms/secrets.json',
    '.git/config',
    'node_modules/pg/index.js',
    'domain/x.spec.ts',
    'test/crash/x.ts',
  ])('is built without %s', (file) => {
    expect(isIgnored(projectFolder, file)).toBe(true);
  });

  it('has the packages that run, and neither those of the compiler nor a database server', () => {
    const install =
      stages.find(({ name }) => name === 'packages')?.steps.find(({ word }) => word === 'RUN')?.rest ?? '';

    expect(install).toMatch(/^npm pkg delete devDependencies optionalDependencies && npm install --omit=dev\b/);
  });

  it('keeps no secret in its environment', () => {
    const variables = stepsOf('ENV').flatMap((step) => Object.keys(variablesOf(step)));

    expect(variables).toEqual(['NODE_ENV', 'NODE_OPTIONS', 'MALLOC_ARENA_MAX']);
    expect(instructions.filter(({ word, rest }) => word === 'ARG' && /SECRET|PASSWORD|TOKEN/i.test(rest))).toEqual([]);
  });

  it('is what the manifests of Kubernetes run: the same program in the same place, under its ports', () => {
    const entry = JSON.parse(stepsOf('ENTRYPOINT')[0]?.rest ?? '[]') as string[];
    const ports = stepsOf('EXPOSE')[0]?.rest.split(' ').map(Number);

    for (const service of ['api-gateway', 'order-svc']) {
      const values = manifestValues(
        { service, namespace: 'order', replicas: 1, env: {} },
        {
          image: 'shop/bmms:1',
          namespacePrefix: 'bmms-',
          temporalAddress: 'a:1',
          temporalNamespace: 'default',
          logLevel: 'info',
          progressDeadlineSeconds: 120,
        },
      );

      expect(values.command.slice(0, entry.length)).toEqual(entry);
      expect(ports).toContain(values.port.number);
    }
  });
});
