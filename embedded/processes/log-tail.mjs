import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

const READ_AT_MOST_BYTES = 64 * 1024;
const SHOWN_LINES = 12;

/**
 * What a process wrote, at most its last 64 KiB.
 * @param {string} file @param {number} [from] byte at which the run of interest began
 * @returns {string} empty when the file cannot be read
 */
export function readLog(file, from = 0) {
  try {
    const handle = openSync(file, 'r');
    try {
      const size = fstatSync(handle).size;
      const start = Math.max(from, size - READ_AT_MOST_BYTES);
      const buffer = Buffer.alloc(Math.max(0, size - start));
      readSync(handle, buffer, 0, buffer.length, start);
      return buffer.toString('utf8');
    } finally {
      closeSync(handle);
    }
  } catch {
    return '';
  }
}

/**
 * The lines of a log worth showing to a person: the last ones, without the stack below a crash.
 * @param {string} text @returns {string}
 */
export function tailOf(text) {
  const lines = text.trimEnd().split('\n');
  const crash = lines.findIndex((line) => /^(panic:|goroutine \d+ \[)/.test(line));
  return (crash === -1 ? lines : lines.slice(0, crash + 1)).slice(-SHOWN_LINES).join('\n');
}
