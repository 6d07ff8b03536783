import { chmodSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The clone this file belongs to. */
export const projectFolder = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');

/**
 * What `npm start` keeps, in the clone unless BMMS_DATA_FOLDER names another place.
 * @typedef {ReturnType<typeof dataFolders>} DataFolders
 */

/** @param {string} [project] */
export function dataFolders(project = projectFolder) {
  // Another folder is another system, with data and servers of its own.
  const root = path.resolve(project, process.env.BMMS_DATA_FOLDER || '.bmms');
  // Tasks that wait in a file of before queues were fair would be lost if it became fair: it goes on as it was.
  const unfairFile = path.join(root, 'temporal', 'temporal.db');
  const hasFairQueues = !existsSync(unfairFile);
  return {
    root,
    logs: path.join(root, 'logs'),
    runLock: path.join(root, 'run.lock'),
    // Packages and compiled code belong to the clone, whatever data it runs on.
    buildLock: path.join(project, '.bmms', 'build.lock'),
    processes: path.join(root, 'processes.json'),
    secrets: path.join(root, 'secrets.json'),
    endpoints: path.join(root, 'endpoints.json'),
    postgresPlace: path.join(root, 'postgres-place.json'),
    temporalFile: hasFairQueues ? path.join(root, 'temporal', 'fair-queues.db') : unfairFile,
    hasFairQueues,
    sandboxState: path.join(root, 'vnpay-sandbox.jsonl'),
    mailState: path.join(root, 'mail-sandbox.jsonl'),
  };
}

/**
 * Makes the data folder. Others may pass through it (PostgreSQL's account has to), not look into it; what lies in it is
 * its owner's only, also what an older version left open. PostgreSQL keeps its own folder closed.
 * @param {DataFolders} folders
 */
export function makeDataFolder(folders) {
  mkdirSync(folders.logs, { recursive: true });
  chmodSync(folders.root, 0o711);
  // The lock stays readable: other people on this machine must see that its holder lives.
  closeFiles(folders.root, [path.basename(folders.runLock), path.basename(folders.buildLock)]);
  for (const folder of [folders.logs, path.dirname(folders.temporalFile)]) {
    if (existsSync(folder)) {
      chmodSync(folder, 0o700);
      closeFiles(folder);
    }
  }
}

/** @param {string} folder @param {string[]} [but] beginnings of names to leave as they are */
function closeFiles(folder, but = []) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isFile() && !but.some((name) => entry.name.startsWith(name))) {
      closeFile(path.join(folder, entry.name));
    }
  }
}

/** @param {string} file may be gone by now, as a journal is */
function closeFile(file) {
  try {
    chmodSync(file, 0o600);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ENOENT') {
      throw error;
    }
  }
}
