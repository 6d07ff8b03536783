import { readFileSync } from 'node:fs';
import path from 'node:path';

import { readDockerfile, stagesOf, variablesOf } from '../containers/read-dockerfile';
import { projectFolder } from '../environment/servers';

/** What a container of the image starts with. */
export interface Image {
  /** Its working directory, as a folder of this machine. */
  folder: string;
  environment: Record<string, string>;
  /** Words before those of the container. */
  entrypoint: string[];
  healthcheck: string[];
}

const stages = stagesOf(readDockerfile(readFileSync(path.join(projectFolder, 'Dockerfile'), 'utf8')));
const last = stages.at(-1)?.steps ?? [];
const only = (word: string): string => last.find((step) => step.word === word)?.rest ?? '';

/**
 * What the Dockerfile says of the processes of its image.
 * @param folder that stands for its working directory
 */
export function describeImage(folder: string): Image {
  const variables = Object.assign({}, ...last.filter(({ word }) => word === 'ENV').map(variablesOf)) as Record<
    string,
    string
  >;

  return {
    folder,
    environment: Object.fromEntries(
      Object.entries(variables).map(([name, value]) => [name, value.replaceAll('/app/', `${folder}/`)]),
    ),
    entrypoint: JSON.parse(only('ENTRYPOINT')) as string[],
    healthcheck: JSON.parse(only('HEALTHCHECK').replace(/^.*CMD /, '')) as string[],
  };
}
