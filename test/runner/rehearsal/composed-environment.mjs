import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';

/**
 * What docker-compose.yml gives a service, with its variables filled in: those that must be given are made up.
 * @param {string} projectFolder @param {string} service
 * @returns {{ image: string, environment: Record<string, string> }}
 */
export function readComposed(projectFolder, service) {
  const written = readFileSync(path.join(projectFolder, 'docker-compose.yml'), 'utf8');
  const { services } = parse(written, { merge: true });
  const { image, environment } = services[service];

  return {
    image,
    environment: Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, fillIn(String(value))])),
  };
}

/** @param {string} text `${NAME}`, `${NAME:-otherwise}` and `${NAME:?why}` in it */
const fillIn = (text) =>
  text.replace(/\$\{(\w+)(?::([-?])([^}]*))?\}/g, (_all, name, operator, operand) =>
    operator === '-' ? operand : secretFor(name),
  );

/** Of a rehearsal only. @param {string} name */
export const secretFor = (name) => `rehearsal-${name.toLowerCase().replaceAll('_', '-')}`;
