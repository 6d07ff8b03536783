import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

import Handlebars from 'handlebars';

import type { ManifestValues } from './manifest-values';

export const templateNames = ['configmap', 'service', 'pdb', 'deployment'] as const;
export type TemplateName = (typeof templateNames)[number];

const handlebars = Handlebars.create();
handlebars.registerHelper('yaml', (value: unknown) => new Handlebars.SafeString(quoteForYaml(value)));

const compiled = new Map<TemplateName, Handlebars.TemplateDelegate<ManifestValues>>();

/** @throws Error when the template names a value that there is not */
export function renderTemplate(name: TemplateName, values: ManifestValues): string {
  const known = compiled.get(name);

  if (known !== undefined) {
    return known(values);
  }
  const template = handlebars.compile<ManifestValues>(readTemplate(name), {
    strict: true,
    noEscape: true,
    knownHelpers: { yaml: true },
    knownHelpersOnly: true,
  });
  compiled.set(name, template);

  return template(values);
}

/**
 * JSON is YAML: text stays one quoted scalar whatever is in it, and a number a number. What YAML takes for the end of a
 * line, or does not print, is written by its code.
 */
export function quoteForYaml(value: unknown): string {
  const json = JSON.stringify(value);

  if (json === undefined) {
    throw new Error('A template was given no value.');
  }

  return json.replace(
    /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

export function readTemplate(name: TemplateName): string {
  return readFileSync(path.join(templateFolder(__dirname), `${name}.yaml.hbs`), 'utf8');
}

/** The folder stands beside package.json, whether this runs as it is written or compiled. */
function templateFolder(from: string): string {
  const folder = path.join(from, 'k8s-templates');

  return existsSync(folder) ? folder : templateFolder(path.dirname(from));
}
