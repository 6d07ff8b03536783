/**
 * What `npm start`, `npm test` and their kin run first. It needs nothing installed: it looks at what is missing or stale
 * (packages, generated code, compiled code), mends that under one lock, and hands over.
 *
 *   node embedded/bootstrap.mjs start | test | build | bench | cases | rehearse | doctor [words …]
 *
 * No import stands up here, so that a Node too old for the rest still reaches the sentence that says so.
 */
const [command = 'start', ...words] = process.argv.slice(2);

function run() {
  return import('./bootstrap/check-node.mjs').then((check) => {
    check.checkNode(process.versions.node, process.platform);

    return import('./bootstrap/dispatch-command.mjs').then((dispatch) =>
      dispatch.dispatchCommand(command, words).catch(explain),
    );
  });
}

/** @param {unknown} error */
function explain(error) {
  return import('./bootstrap/problem.mjs').then((problem) => {
    throw problem.explainFileError(error);
  });
}

run().then(
  (status) => {
    process.exitCode = status;
  },
  (error) => {
    // A Problem is written for people; anything else is a defect here and keeps its stack.
    const isProblem = error && error.name === 'Problem';
    const parts = isProblem ? [error.message, error.detail, error.mend] : [error && error.stack ? error.stack : error];
    console.error(`\n${parts.filter(Boolean).join('\n')}`);
    if (command === 'test') {
      console.log('0 passed, 1 failed, 0 skipped');
    }
    process.exitCode = 1;
  },
);
