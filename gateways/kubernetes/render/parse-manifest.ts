import { parseAllDocuments } from 'yaml';

import type { JsonObject, ObjectReference } from '../../../domain/deployments/deployment-target-types';
import { AppError } from '../../../domain/errors';

/**
 * Reads a rendered template back: exactly one document, without anchors and repeated keys, and that of the object it was
 * rendered for. Whatever got into a template besides its values is found here.
 * @throws AppError `manifest_invalid`
 */
export function parseManifest(text: string, expected: ObjectReference): JsonObject {
  const documents = parseAllDocuments(text, { uniqueKeys: true, strict: true, version: '1.2' });
  const [document, ...more] = Array.isArray(documents) ? documents : [];

  if (document === undefined || more.length > 0) {
    throw invalid(expected, `holds ${document === undefined ? 'no document' : `${more.length + 1} documents`}`);
  }
  const problem = document.errors[0] ?? document.warnings[0];

  if (problem !== undefined) {
    throw invalid(expected, problem.message);
  }
  // An alias is never resolved: there is none in our templates.
  const content = document.toJS({ maxAliasCount: 0 }) as JsonObject | null;

  if (content === null || typeof content !== 'object' || Array.isArray(content)) {
    throw invalid(expected, 'is no object');
  }
  const metadata = content['metadata'] as JsonObject | undefined;
  const found = {
    apiVersion: content['apiVersion'],
    kind: content['kind'],
    namespace: metadata?.['namespace'],
    name: metadata?.['name'],
  };
  const wrong = (Object.keys(found) as (keyof typeof found)[]).find((key) => found[key] !== expected[key]);

  if (wrong !== undefined) {
    throw invalid(expected, `has ${wrong} ${JSON.stringify(found[wrong])}`);
  }

  return content;
}

function invalid({ kind, namespace, name }: ObjectReference, why: string): AppError {
  return new AppError('manifest_invalid', { detail: `The manifest of ${kind} ${namespace}/${name} ${why}.` });
}
