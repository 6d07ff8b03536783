import { readFileSync } from 'node:fs';
import path from 'node:path';

import { parse } from 'yaml';

import { projectFolder } from '../environment/servers';

/** A service of docker-compose.yml, as far as tests look at it. */
export interface ComposeService {
  image: string;
  command?: string[];
  environment?: Record<string, string | number>;
  volumes?: string[];
  ports?: string[];
  depends_on?: string[] | Record<string, { condition: string }>;
  healthcheck?: { test?: string[]; disable?: boolean };
  build?: string;
  restart?: string;
  [key: string]: unknown;
}

export interface ComposeFile {
  services: Record<string, ComposeService>;
  volumes: Record<string, unknown>;
}

const file = path.join(projectFolder, 'docker-compose.yml');

/** docker-compose.yml as it is written, aliases and merges carried out, variables not. */
export function readWrittenCompose(): ComposeFile {
  return parse(readFileSync(file, 'utf8'), { merge: true }) as ComposeFile;
}

/**
 * docker-compose.yml with its variables filled in, as `docker compose config` does it.
 * @throws Error for a variable that must be given and is not
 */
export function readCompose(variables: Record<string, string>): ComposeFile {
  return fillIn(readWrittenCompose(), variables) as ComposeFile;
}

/** Services that run the product's own image. */
export function productServices(compose: ComposeFile): [string, ComposeService][] {
  return Object.entries(compose.services).filter(([, { build }]) => build !== undefined);
}

/** Names of the variables that the compose file takes, with what stands there when they are not given. */
export function composeVariables(): { name: string; operator: string; operand: string }[] {
  return [...readFileSync(file, 'utf8').matchAll(variable)].map(([, name = '', operator = '', operand = '']) => ({
    name,
    operator,
    operand,
  }));
}

/** The lines NAME=value of an environment file. */
export function readEnvironmentFile(text: string): Record<string, string> {
  return Object.fromEntries(
    text
      .split('\n')
      .filter((line) => /^[A-Z_]+=/.test(line))
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
}

const variable = /\$\{([A-Z_]+)(?:(:-|:\?)([^}]*))?\}/g;

function fillIn(value: unknown, variables: Record<string, string>): unknown {
  if (typeof value === 'string') {
    return value.replace(variable, (_whole, name: string, operator: string | undefined, operand: string) => {
      const given = variables[name] ?? '';

      if (given === '' && operator === ':?') {
        throw new Error(`${name} is not set: ${operand}`);
      }

      return given === '' && operator === ':-' ? operand : given;
    });
  }
  if (Array.isArray(value)) {
    return value.map((one) => fillIn(one, variables));
  }

  return typeof value === 'object' && value !== null
    ? Object.fromEntries(Object.entries(value).map(([name, one]) => [name, fillIn(one, variables)]))
    : value;
}
