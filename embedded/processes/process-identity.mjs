import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** The variable that carries a child's token, by which a later start knows it for its own. */
export const TOKEN_VARIABLE = 'BMMS_PROCESS_TOKEN';

/**
 * A pid alone may have been given to somebody else since; pid and start time together name one process.
 * @typedef {{ pid: number, startedAt: string }} ProcessIdentity
 */

/** @param {number} pid @returns {ProcessIdentity | null} null when no such process runs (a zombie does not run) */
export function identifyProcess(pid) {
  const startedAt = process.platform === 'linux' ? readStartOnLinux(pid) : readStartByPs(pid);
  return startedAt ? { pid, startedAt } : null;
}

/** @param {ProcessIdentity} identity @returns {boolean} whether that very process still runs */
export function isStillRunning(identity) {
  return identifyProcess(identity.pid)?.startedAt === identity.startedAt;
}

/**
 * Whether the process was started with this token. True as well where the environment of a process cannot be read:
 * then pid and start time decide alone.
 * @param {number} pid @param {string} token
 */
export function carriesToken(pid, token) {
  const shown = readEnvironment(pid);
  return shown === null || shown.includes(token);
}

/** @param {number} pid @returns {string | null} */
function readEnvironment(pid) {
  try {
    return process.platform === 'linux'
      ? readFileSync(`/proc/${pid}/environ`, 'utf8')
      : execFileSync('ps', ['-Eww', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8', stdio: 'pipe' });
  } catch {
    return null;
  }
}

/** @param {number} pid @returns {string | null} boot and clock tick, so that a reboot cannot make two processes alike */
function readStartOnLinux(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state, ticks] = [fields[0], fields[19]];
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return state === 'Z' || state === 'X' ? null : `${boot}/${ticks}`;
  } catch {
    return null;
  }
}

/** @param {number} pid @returns {string | null} */
function readStartByPs(pid) {
  try {
    const line = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { encoding: 'utf8', stdio: 'pipe' });
    const [state = '', ...start] = line.trim().split(/\s+/);
    return state.startsWith('Z') ? null : start.join(' ');
  } catch {
    return null;
  }
}

/**
 * Sends a signal to a whole process group; nothing happens when it is gone.
 * @param {number} leader pid of the group's leader @param {NodeJS.Signals} signal
 */
export function signalGroup(leader, signal) {
  try {
    process.kill(-leader, signal);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ESRCH') {
      throw error;
    }
  }
}
