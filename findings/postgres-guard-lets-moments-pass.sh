#!/usr/bin/env bash
# A constraint that keeps a day from being billed twice lets what is sold for a moment through, and forgets the moment.
#
# Seen: PostgreSQL 17.5 (@electric-sql/pglite 0.3.14) with btree_gist. In a table whose rows may not overlap in time
# (EXCLUDE USING gist with &&), a range that begins and ends at one instant, as for a fee or for credits that are bought
# once, is stored as `empty`. It overlaps nothing, itself included, so that the same fee goes in twice; and where it lay is
# lost: lower and upper are null, and two of different years are equal. Expected by most: a refused second row, or at
# least a range that knows its instant.
# What to do: give a moment a length (the smallest unit that is kept), or refuse empty ranges by a check.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes > /dev/null
npm install --silent --ignore-scripts --no-audit --no-fund @electric-sql/pglite@0.3.14
cat > guard.mjs <<'JS'
import { PGlite } from '@electric-sql/pglite';
import { btree_gist as gist } from '@electric-sql/pglite/contrib/btree_gist';

const database = await PGlite.create({ extensions: { btree_gist: gist } });
await database.exec(`
  CREATE EXTENSION btree_gist;
  CREATE TABLE billed (item text, service tstzrange, EXCLUDE USING gist (item WITH =, service WITH &&));`);
const bill = (from, to) =>
  database
    .query(`INSERT INTO billed VALUES ('fee', tstzrange($1, $2))`, [from, to])
    .then(() => 'billed', () => 'refused');
const [day, next] = ['2026-02-01T00:00:00Z', '2026-02-02T00:00:00Z'];
console.log(`a day: ${await bill(day, next)}, ${await bill(day, next)}`);
console.log(`a moment in it: ${await bill(day, day)}, ${await bill(day, day)}`);
const { rows } = await database.query(
  `SELECT service::text, lower(service) AS begins, service = tstzrange('1999-01-01', '1999-01-01') AS same FROM billed WHERE isempty(service) LIMIT 1`,
);
console.log(`kept of it: ${JSON.stringify(rows[0])}`);
JS
seen=$(node guard.mjs)
echo "$seen"
[ "$seen" = 'a day: billed, refused
a moment in it: billed, billed
kept of it: {"service":"empty","begins":null,"same":true}' ]
echo "as described"
