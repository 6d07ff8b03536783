import { writeSync } from 'node:fs';

/** A pipe whose reader is slow is waited for this long in all, then the line is dropped. */
const waitMs = 10;
const waits = 10;

let dropped = 0;

/** Log lines that this process could not write, since its start. */
export function droppedLogLines(): number {
  return dropped;
}

/**
 * Where log lines go: written at once, and dropped and counted when they cannot be (a full disk, a reader that is
 * gone). A log must never stop what it tells of.
 * @param descriptor an open file, 1 for standard output
 */
export function createLogDestination(descriptor: number): { write(line: string): void } {
  let isBroken = false;

  return {
    write(line) {
      // What was cut off before must not run into this line.
      const bytes = Buffer.from(isBroken ? `\n${line}` : line);
      const written = writeAll(descriptor, bytes);

      if (written < bytes.length) {
        dropped += 1;
      }
      isBroken = written === bytes.length ? false : written > 0 || isBroken;
    },
  };
}

/** @returns how many bytes were taken */
function writeAll(descriptor: number, bytes: Buffer): number {
  let written = 0;

  for (let waited = 0; written < bytes.length;) {
    try {
      written += writeSync(descriptor, bytes, written);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN' || waited === waits) {
        return written;
      }
      waited += 1;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, waitMs);
    }
  }

  return written;
}
