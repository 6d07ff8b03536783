import { Problem } from './problem.mjs';

const PLATFORMS = ['linux', 'darwin'];

/**
 * Refuses what the project does not run on (D35).
 * @param {string} version such as 20.19.0 @param {string} platform
 */
export function checkNode(version, platform) {
  if (platform === 'win32') {
    throw new Problem('On Windows this project runs inside WSL2: https://learn.microsoft.com/windows/wsl/install');
  }
  if (!PLATFORMS.includes(platform)) {
    throw new Problem(`This project runs on Linux and macOS, not on ${platform}.`);
  }
  if (!isSupportedNode(version)) {
    throw new Problem(`Node ${version} is too old: Node 20.19 or later is needed (or 22.12 or later, 24, …).`, {
      mend: 'Get it from https://nodejs.org or with your version manager, for example: nvm install 22',
    });
  }
}

/** @param {string} version */
export function isSupportedNode(version) {
  // Written so that even a very old Node can read it.
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const lowestMinor = major === 20 ? 19 : major === 22 ? 12 : major > 22 ? 0 : Infinity;
  return minor >= lowestMinor;
}
