#!/usr/bin/env bash
# Where a connection dies while an interactive transaction commits, Prisma does not throw an error of Prisma.
#
# Prisma 7.10.0 with @prisma/adapter-pg 7.10.0. PostgreSQL answers a query and a COMMIT with the same error, FATAL 57P01
# (terminating connection due to administrator command; a killed postmaster says the same). For the query the caller gets
# a PrismaClientKnownRequestError, as documented for every failure of the database. For the COMMIT of $transaction(async …)
# the adapter's own DriverAdapterError comes through: no class that `Prisma` exports, no `code`, the SQLSTATE in
# cause.originalCode. Expected by most: that what is caught as PrismaClientKnownRequestError at a query is caught as one at
# the end of the transaction; whoever tells “try again” from a defect by these classes takes a restart of the database for
# a defect, now and then.
# What to do: look at error.name === 'DriverAdapterError' and at cause.originalCode or cause.kind, too.
# The server below speaks as much of PostgreSQL's protocol as this takes, so that the moment is not left to chance.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes > /dev/null
npm install --silent --ignore-scripts --no-audit --no-fund prisma@7.10.0 @prisma/client@7.10.0 @prisma/adapter-pg@7.10.0 pg@8.23.1
cat > schema.prisma <<'PRISMA'
generator client {
  provider = "prisma-client-js"
}
datasource db {
  provider = "postgresql"
}
model Thing {
  id Int @id
}
PRISMA
PRISMA_SCHEMA_ENGINE_BINARY=/bin/true CHECKPOINT_DISABLE=1 npx prisma generate --schema schema.prisma > /dev/null 2>&1
cat > look.js <<'JS'
const net = require('node:net');
const { PrismaClient, Prisma } = require('@prisma/client');
const { PrismaPg } = require('@prisma/adapter-pg');

const message = (type, body = Buffer.alloc(0)) => {
  const head = Buffer.alloc(5);
  head.write(type, 0);
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
};
const text = (...words) => Buffer.concat(words.map((word) => Buffer.from(`${word}\0`)));
const ready = message('Z', Buffer.from('I'));
const done = (tag) => Buffer.concat([message('C', text(tag)), ready]);
const fatal = message('E', Buffer.concat([text('SFATAL', 'VFATAL', 'C57P01', 'Mterminating connection due to administrator command'), Buffer.alloc(1)]));

/** Ends the connection with its last word when a statement of this kind comes. */
function server(diesAt) {
  return net.createServer((socket) => {
    let isStarted = false;
    let buffered = Buffer.alloc(0);
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      buffered = Buffer.concat([buffered, chunk]);
      for (;;) {
        const at = isStarted ? 1 : 0;
        if (buffered.length < at + 4 || buffered.length < at + buffered.readInt32BE(at)) return;
        const whole = buffered.subarray(0, at + buffered.readInt32BE(at));
        buffered = buffered.subarray(whole.length);
        if (!isStarted) {
          isStarted = true;
          socket.write(Buffer.concat([message('R', Buffer.alloc(4)), ready]));
          continue;
        }
        const type = String.fromCharCode(whole[0]);
        const sql = type === 'Q' || type === 'P' ? whole.toString('latin1') : '';
        if (diesAt.test(sql)) return void socket.end(fatal);
        if (type === 'Q') socket.write(done(/BEGIN/.test(sql) ? 'BEGIN' : 'COMMIT'));
      }
    });
  });
}

async function failureOf(diesAt, work) {
  const listening = server(diesAt).listen(0, '127.0.0.1');
  await new Promise((resolve) => listening.once('listening', resolve));
  const prisma = new PrismaClient({ adapter: new PrismaPg({ connectionString: `postgresql://a:b@127.0.0.1:${listening.address().port}/c` }) });
  const failure = await prisma.$transaction(work).catch((error) => error);
  await prisma.$disconnect();
  listening.close();
  return {
    name: failure.name,
    isKnownRequestError: failure instanceof Prisma.PrismaClientKnownRequestError,
    code: failure.code ?? null,
    sqlstate: failure.cause?.originalCode ?? failure.meta?.driverAdapterError?.cause?.originalCode ?? null,
  };
}

(async () => {
  const seen = {
    query: await failureOf(/SELECT/, (tx) => tx.thing.count()),
    commit: await failureOf(/COMMIT/, async () => undefined),
  };
  console.log(JSON.stringify(seen, null, 2));
  const { query, commit } = seen;
  const isAsSeen =
    query.isKnownRequestError && query.sqlstate === '57P01' &&
    commit.name === 'DriverAdapterError' && !commit.isKnownRequestError && commit.code === null && commit.sqlstate === '57P01';
  console.log(isAsSeen ? 'as described' : 'changed: read the description again');
  process.exit(isAsSeen ? 0 : 1);
})();
JS
node look.js
