import { readdirSync, readFileSync } from 'node:fs';

const ticksPerSecond = 100;

/** CPU a process and its children have used, user and system, in milliseconds (Linux: /proc/<pid>/stat). */
export function cpuOf(pid: number): number {
  const own = ticksOf(pid);

  return (own * 1_000) / ticksPerSecond;
}

/** Resident memory of a process, in MB. */
export function memoryOf(pid: number): number {
  const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];

  return Math.round(Number(kilobytes ?? 0) / 1_024);
}

/** Its own ticks, those of its children that ended, and those of its children that run. */
function ticksOf(pid: number): number {
  const fields = statOf(pid);
  const [utime = 0, stime = 0, cutime = 0, cstime = 0] = fields.slice(11, 15).map(Number);

  return utime + stime + cutime + cstime + childrenOf(pid).reduce((sum, child) => sum + ticksOfChild(child), 0);
}

/** A child that ended since it was listed counts nothing here: its parent has its ticks. */
function ticksOfChild(pid: number): number {
  try {
    return ticksOf(pid);
  } catch {
    return 0;
  }
}

function childrenOf(pid: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((candidate) => {
      try {
        return Number(statOf(candidate)[1]) === pid;
      } catch {
        return false;
      }
    });
}

/** The fields after the command's name, which may hold spaces; the first is the state. */
function statOf(pid: number): string[] {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');

  return text.slice(text.lastIndexOf(')') + 2).split(' ');
}
