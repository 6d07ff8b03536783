import { readFileSync } from 'node:fs';
import path from 'node:path';

/**
 * Whether .dockerignore leaves a file out of what an image is built from: the last line that fits decides, and `!` takes back.
 * @param file path from the folder of the project, with slashes
 */
export function isIgnored(projectFolder: string, file: string): boolean {
  return readFileSync(path.join(projectFolder, '.dockerignore'), 'utf8')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .reduce((ignored, line) => {
      const isException = line.startsWith('!');

      return fits(isException ? line.slice(1) : line, file) ? !isException : ignored;
    }, false);
}

/** A pattern fits a file by name, and all that lies in a folder that it names. */
function fits(pattern: string, file: string): boolean {
  const source = pattern
    .split('/')
    .map((part) => (part === '**' ? '(?:.*/)?' : `${part.replace(/[.+^$()|[\]{}]/g, '\\$&').replace(/\*/g, '[^/]*')}/`))
    .join('')
    .replace(/\/$/, '');

  return new RegExp(`^${source}(?:/|$)`).test(file);
}
