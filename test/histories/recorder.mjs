/**
 * What record.mjs and record-subscriptions.mjs share: the system that runs, calls to its API, and what becomes of a history.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = path.dirname(fileURLToPath(import.meta.url));
const project = path.resolve(folder, '../..');

/**
 * Who polled, and where code lay, is of no use to a replay, and names the machine.
 * @param {string} history as JSON
 */
function anonymous(history) {
  return history
    .replace(/"identity": *"(?:[^"\\]|\\.)*"/g, '"identity": "recorder"')
    .replace(/"stackTrace": *"(?:[^"\\]|\\.)*"/g, '"stackTrace": ""');
}

/** Opens the system whose endpoints lie in BMMS_DATA_FOLDER (`.bmms` unless set). */
export async function openRecorder() {
  const require = createRequire(import.meta.url);
  const { Client, Connection } = require('@temporalio/client');
  const { historyToJSON } = require('@temporalio/common/lib/proto-utils');
  const dataFolder = path.resolve(project, process.env.BMMS_DATA_FOLDER || '.bmms');
  const endpoints = JSON.parse(readFileSync(path.join(dataFolder, 'endpoints.json'), 'utf8'));
  const connection = await Connection.connect({ address: endpoints.temporalAddress });
  const { workflow } = new Client({ connection });

  /** Answers the body; a status that is neither a success nor in `may` is an error. */
  async function call(method, where, { token, body, base = `${endpoints.api}/api/v1`, may = [] } = {}) {
    const response = await fetch(base + where, {
      method,
      headers: { 'Content-Type': 'application/json', ...(token ? { Authorization: `Bearer ${token}` } : {}) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();

    if (!response.ok && !may.includes(response.status)) {
      throw new Error(`${method} ${where}: ${response.status} ${text}`);
    }

    return text.startsWith('{') ? JSON.parse(text) : text;
  }

  return {
    endpoints,
    workflow,
    call,

    /** The token of a user of the demo company. */
    async logIn(email) {
      return (await call('POST', '/auth/login', { body: { email, password: 'demo-password-1' } })).accessToken;
    },

    /** Asks the database as the owner of its tables. */
    async query(sql, values) {
      const client = new (require('pg').Client)({ connectionString: endpoints.environment.DATABASE_ADMIN_URL });
      await client.connect();

      try {
        return await client.query(sql, values);
      } finally {
        await client.end();
      }
    },

    /** Writes the history of a workflow, of its latest run unless told otherwise, to `<name>.json`. */
    async save(name, workflowId, runId) {
      const history = historyToJSON(await workflow.getHandle(workflowId, runId).fetchHistory());
      const file = path.join(folder, `${name}.json`);
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, `${anonymous(history)}\n`);
      console.log(`${name}  ${workflowId}`);
    },

    /** Walks the paths named on the command line, all of them when none is, and ends. */
    async record(paths) {
      const wanted = process.argv.slice(2);

      for (const [name, walk] of Object.entries(paths)) {
        if (wanted.length === 0 || wanted.includes(name)) {
          await walk(name);
        }
      }
      await connection.close();
    },
  };
}
