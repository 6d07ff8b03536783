import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { Pool } from 'pg';

const pool = new Pool({ connectionString: process.argv[2], max: 20 });

/** Answers each request by one row that is read by its key, and nothing else: no routes, no rights, no log. */
const server = createServer((request, response) => {
  const id = Number(request.url?.split('/').at(-1));
  void pool
    .query<{ id: string }>({ name: 'one', text: 'SELECT id FROM customer.customers WHERE id = $1', values: [id] })
    .then(({ rows }) => {
      const body = JSON.stringify({ customerId: id, feature: 'ai_assistant', isEntitled: rows.length === 1 });
      response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) });
      response.end(body);
    });
});

server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
process.once('disconnect', () => {
  server.closeAllConnections();
  server.close();
  void pool.end();
});
