import { checkMachine } from './doctor-machine.mjs';
import { checkProject } from './doctor-project.mjs';
import { checkServers } from './doctor-servers.mjs';
import { dataFolders } from '../bootstrap/folders.mjs';

/**
 * One thing the doctor looked at. `later`: `npm start` brings it by itself.
 * @typedef {{ name: string, state: 'ok' | 'later' | 'problem', text: string, mend?: string }} Finding
 */

const MARKS = { ok: '✓', later: '·', problem: '✗' };

/**
 * Says what is there, what is missing and how to mend it. Looks only, changes nothing.
 * @param {{ projectFolder: string, env?: NodeJS.ProcessEnv }} options
 * @returns {Promise<number>} exit status: 1 when something stands in the way of `npm start`
 */
export async function doctorCommand({ projectFolder, env = process.env }) {
  const folders = dataFolders(projectFolder);
  const context = { projectFolder, folders, env };
  let problems = 0;
  for (const check of [checkMachine, checkProject, checkServers]) {
    for (const { name, state, text, mend } of await check(context)) {
      console.log(`${MARKS[state]} ${name.padEnd(20)}${text}`);
      if (state === 'problem') {
        problems += 1;
        console.log(`  ${''.padEnd(20)}→ ${mend}`);
      }
    }
  }
  console.log(
    problems === 0
      ? '\nNothing stands in the way: `npm start` brings what is marked "·" by itself.'
      : `\n${problems === 1 ? 'One thing stands' : `${problems} things stand`} in the way, see →.`,
  );

  return problems === 0 ? 0 : 1;
}

/**
 * @typedef {object} DoctorContext
 * @property {string} projectFolder
 * @property {import('../bootstrap/folders.mjs').DataFolders} folders
 * @property {NodeJS.ProcessEnv} env
 */

/**
 * Turns what a check throws into a finding.
 * @param {string} name @param {() => Finding | Promise<Finding>} check @returns {Promise<Finding>}
 */
export async function findingOf(name, check) {
  try {
    return await check();
  } catch (error) {
    const { message, mend } = /** @type {import('../bootstrap/problem.mjs').Problem} */ (error);
    return { name, state: 'problem', text: message, mend: mend ?? 'See the message.' };
  }
}
