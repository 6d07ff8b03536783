/** Where there is no terminal, a step that is over sooner shows only its end. */
const ANNOUNCE_MS = 1_500;
const REPEAT_MS = 15_000;
const REDRAW_MS = 250;

/**
 * Shows steps as they run: one live line on a terminal, elsewhere a line once a step takes its time, one every 15 s
 * from then on, and one at its end.
 * @typedef {(detail: string) => void} Update tells what a step is doing just now
 * @typedef {object} Progress
 * @property {<T>(title: string, work: (update: Update) => Promise<T>) => Promise<T>} step runs a step and shows it
 * @property {(text: string) => void} line prints a line beside the steps
 */

/** @param {NodeJS.WriteStream} stream @param {{ live?: boolean }} [options] @returns {Progress} */
export function createProgress(stream, { live = Boolean(stream.isTTY) } = {}) {
  /** Steps that run side by side: the newest is the one shown live. @type {{ title: string, detail: string, startedAt: number }[]} */
  const running = [];

  const clear = () => (live ? stream.write('\r\u001b[2K') : undefined);
  const print = (/** @type {string} */ text) => {
    clear();
    stream.write(`${text}\n`);
  };
  const draw = () => {
    const step = running.at(-1);
    if (live && step) {
      const text = `· ${step.title} … ${elapsed(step.startedAt)}${step.detail ? `  ${step.detail}` : ''}`;
      stream.write(`\r\u001b[2K${text.slice(0, (stream.columns ?? 100) - 1)}`);
    }
  };

  return {
    line: print,
    async step(title, work) {
      const step = { title, detail: '', startedAt: Date.now() };
      running.push(step);
      const announce = live ? undefined : setTimeout(() => print(`· ${title} …`), ANNOUNCE_MS);
      const repeat = live
        ? setInterval(draw, REDRAW_MS)
        : setInterval(() => print(`  ${title}: ${elapsed(step.startedAt)}  ${step.detail}`.trimEnd()), REPEAT_MS);
      draw();
      let mark = '✗';
      try {
        const result = await work((detail) => {
          step.detail = detail;
        });
        mark = '✓';
        return result;
      } finally {
        clearTimeout(announce);
        clearInterval(repeat);
        running.splice(running.indexOf(step), 1);
        print(`${mark} ${title}  ${elapsed(step.startedAt)}`);
        draw();
      }
    },
  };
}

/** @param {number} startedAt ms since the epoch @returns {string} for people: 0.4 s, 12 s, 3 min 20 s */
export function elapsed(startedAt) {
  const seconds = (Date.now() - startedAt) / 1000;
  if (seconds < 10) {
    return `${seconds.toFixed(1)} s`;
  }

  return seconds < 60 ? `${Math.round(seconds)} s` : `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}
