const { TestEnvironment } = require('jest-environment-node');

/** Where Node keeps what carries the requests of `fetch`. */
const dispatcher = Symbol.for('undici.globalDispatcher.1');

/**
 * Connections that idle are closed long before the API closes them, after a minute: a process that stands still just then, as
 * while it loads a test file, would send its next request into one that is closed.
 */
module.exports = class extends TestEnvironment {
  async setup() {
    await super.setup();
    // Node loads it with the first request.
    await fetch('data:,');
    const { constructor: Agent } = globalThis[dispatcher];
    globalThis[dispatcher] = new Agent({ keepAliveTimeout: 4_000, keepAliveMaxTimeout: 4_000 });
  }
};
