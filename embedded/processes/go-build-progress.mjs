/**
 * Tells how far a verbose build with Go is, by the lines it prints. Says at once that one has begun.
 * @param {object} options
 * @param {number} options.packages about how many packages a build from nothing compiles
 * @param {import('../bootstrap/progress.mjs').Update} options.update
 * @returns {(line: string) => void} takes each line of its output
 */
export function goBuildProgress({ packages, update }) {
  let downloaded = 0;
  let compiled = 0;
  update('building with Go (this takes minutes, once)');

  return (line) => {
    if (line.startsWith('go: downloading')) {
      downloaded += 1;
      update(`building with Go: ${downloaded} modules fetched (this takes minutes, once)`);
    } else if (/^[\w.-]+(\/[\w.~-]+)*$/.test(line)) {
      compiled += 1;
      update(`building with Go: ${compiled} of about ${packages} packages compiled (this takes minutes, once)`);
    }
  };
}
