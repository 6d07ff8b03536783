/** Characters that are told of a failed test; the whole of it is in what Jest writes at its end. */
const mostOfFailure = 4_000;

/** A reporter of Jest that tells our runner, line by line, how far a project is. */
class JestProgress {
  onRunStart(results) {
    tell({ total: results.numTotalTestSuites });
  }

  onTestFileStart(test) {
    tell({ begun: test.path });
  }

  onTestResult(test, result, results) {
    const failures = result.testResults.filter(({ status }) => status === 'failed');
    tell({
      passed: result.numPassingTests,
      skipped: result.numPendingTests + result.numTodoTests,
      failures: failures.map(({ fullName, failureMessages }) => ({
        name: fullName,
        text: failureMessages.join('\n').slice(0, mostOfFailure),
      })),
      done: results.numPassedTestSuites + results.numFailedTestSuites + results.numPendingTestSuites,
      file: test.path,
      failed: result.numFailingTests + (result.testExecError ? 1 : 0),
      tests: results.numTotalTests,
    });
  }

  onRunComplete() {
    tell({ complete: true });
  }
}

function tell(message) {
  process.stdout.write(`\n@progress ${JSON.stringify(message)}\n`);
}

module.exports = JestProgress;
