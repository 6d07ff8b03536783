import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

/** @param {string} file @returns {Promise<string>} SHA-256 in hex */
export async function fileChecksum(file) {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) {
    hash.update(chunk);
  }

  return hash.digest('hex');
}

/**
 * One checksum over the names and contents of files, so that a step runs again exactly when its input changed.
 * @param {string} root @param {string[]} places files and folders below root; missing ones count as empty
 * @param {{ keep?: (name: string) => boolean, extra?: string }} [options] which files count; anything else that matters
 * @returns {string}
 */
export function contentStamp(root, places, { keep = () => true, extra = '' } = {}) {
  const hash = createHash('sha256').update(extra);
  for (const file of places.flatMap((place) => listFiles(root, place)).filter(keep)) {
    const content = readFileSync(path.join(root, file));
    hash.update(`\0${file}\0${content.length}\0`).update(content);
  }

  return hash.digest('hex');
}

/** @param {string} root @param {string} place @returns {string[]} paths relative to root, sorted */
function listFiles(root, place) {
  const full = path.join(root, place);
  if (!existsSync(full)) {
    return [];
  }
  if (!statSync(full).isDirectory()) {
    return [place];
  }

  return readdirSync(full, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const child = path.join(place, entry.name);
      return entry.isDirectory() ? listFiles(root, child) : [child];
    });
}
