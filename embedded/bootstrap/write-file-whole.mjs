import { renameSync, writeFileSync } from 'node:fs';

/**
 * Writes a file so that nobody, not even after a crash, sees half of it.
 * @param {string} file @param {string} content @param {number} [mode]
 */
export function writeFileWhole(file, content, mode = 0o644) {
  const draft = `${file}.new-${process.pid}`;
  writeFileSync(draft, content, { mode });
  renameSync(draft, file);
}
