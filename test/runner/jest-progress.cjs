/** A reporter of Jest that tells our runner, line by line, how far a project is. */
class JestProgress {
  onRunStart(results) {
    tell({ total: results.numTotalTestSuites });
  }

  onTestResult(test, result, results) {
    tell({
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
