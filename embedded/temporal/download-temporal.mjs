import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileChecksum } from '../bootstrap/content-stamp.mjs';
import { downloadFile } from '../bootstrap/download-file.mjs';
import { runCommand } from '../processes/run-command.mjs';

const RELEASES = 'https://github.com/temporalio/cli/releases/download';

/**
 * Downloads the official release into a folder as "temporal", checked against the release's own list of checksums.
 * @param {object} options
 * @param {string} options.version
 * @param {string} options.folder
 * @param {import('../bootstrap/progress.mjs').Update} options.update
 * @param {NodeJS.ProcessEnv} options.env BMMS_TEMPORAL_RELEASES names a mirror of the releases
 * @param {number} [options.connectLimitMs]
 */
export async function downloadTemporal({ version, folder, update, env, connectLimitMs }) {
  const base = `${env.BMMS_TEMPORAL_RELEASES ?? RELEASES}/v${version}`;
  const archiveName = `temporal_cli_${version}_${process.platform}_${process.arch === 'x64' ? 'amd64' : 'arm64'}.tar.gz`;
  const checksums = path.join(folder, 'checksums.txt');
  const archive = path.join(folder, archiveName);

  update(`asking ${new URL(base).host}`);
  await downloadFile(`${base}/checksums.txt`, checksums, { connectLimitMs });
  await downloadFile(`${base}/${archiveName}`, archive, {
    connectLimitMs,
    onProgress: (received, total) =>
      update(`downloading: ${megabytes(received)} of ${total ? megabytes(total) : '?'} MB`),
  });

  const expected = readFileSync(checksums, 'utf8')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .find(([, name]) => name === archiveName)?.[0];
  if (expected !== (await fileChecksum(archive))) {
    throw new Error('the checksum of the download is not the one published');
  }
  const unpacked = await runCommand({ command: 'tar', args: ['-xzf', archive, 'temporal'], cwd: folder });
  if (unpacked.code !== 0) {
    throw new Error(`the archive cannot be unpacked (${unpacked.tail})`);
  }
  rmSync(archive);
  rmSync(checksums);
}

/** @param {number} bytes */
function megabytes(bytes) {
  return Math.round(bytes / 1e6);
}
