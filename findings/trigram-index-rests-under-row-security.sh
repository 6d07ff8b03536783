#!/usr/bin/env bash
# A search for parts of words reads every row of a company once row-level security divides the companies.
#
# Seen: PostgreSQL 17.5 (@electric-sql/pglite 0.3.14) with its extension pg_trgm. A GIN index of trigrams serves
# LIKE '%word%' for the owner of the table. For a role that a policy binds it is never used, also with sequential scans
# switched off and with the company named in the query: LIKE is not leakproof, so its condition may not be looked at
# before the policy's, and an index on it would do just that. Equality is leakproof and goes on using its index, so
# everything else of a shop stays fast, and EXPLAIN by an administrator shows the index in use. Expected by most: an
# index that serves a search goes on serving it when a policy is added.
# What to do: search in a function that runs as its owner and names the company itself (SECURITY DEFINER), and have the
# plan explained as the role that the shop has.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes > /dev/null
npm install --silent --ignore-scripts --no-audit --no-fund @electric-sql/pglite@0.3.14
cat > look.mjs <<'JS'
import { PGlite } from '@electric-sql/pglite';
import { pg_trgm as trigrams } from '@electric-sql/pglite/contrib/pg_trgm';

const database = await PGlite.create({ extensions: { pg_trgm: trigrams } });
await database.exec(`
  CREATE EXTENSION pg_trgm;
  CREATE TABLE customers (company_id bigint NOT NULL, id bigint PRIMARY KEY, words text NOT NULL, email text NOT NULL);
  INSERT INTO customers SELECT 1 + n % 2, n, 'buyer ' || md5(n::text), n || '@example.test' FROM generate_series(1, 20000) n;
  CREATE INDEX by_trigrams ON customers USING gin (words gin_trgm_ops);
  CREATE INDEX by_email ON customers (company_id, email);
  ANALYZE customers;
  ALTER TABLE customers ENABLE ROW LEVEL SECURITY;
  CREATE POLICY of_company ON customers USING (company_id = current_setting('shop.company')::bigint);
  CREATE ROLE shop;
  GRANT SELECT ON customers TO shop;
  SET shop.company = '1';
  SET enable_seqscan = off;
  CREATE FUNCTION found(word text) RETURNS SETOF bigint LANGUAGE sql STABLE SECURITY DEFINER AS $$
    SELECT id FROM customers WHERE company_id = current_setting('shop.company')::bigint AND words LIKE '%' || word || '%' $$;
`);

async function planOf(where) {
  const { rows } = await database.query(`EXPLAIN (COSTS OFF) SELECT id FROM customers WHERE company_id = 1 AND ${where}`);
  const plan = rows.map((row) => row['QUERY PLAN']).join('\n');

  return ['by_trigrams', 'by_email'].find((index) => plan.includes(index) && !plan.includes('Filter: (words')) ?? 'every row of the company';
}

const like = "words LIKE '%c4ca4238%'";
console.log(`owner, part of a word: ${await planOf(like)}`);
await database.exec('SET ROLE shop');
console.log(`shop, part of a word: ${await planOf(like)}`);
console.log(`shop, an address: ${await planOf("email = '7@example.test'")}`);
const { rows } = await database.query("SELECT * FROM found('c81e728d')");
await database.exec("SET shop.company = '2'");
const others = await database.query("SELECT * FROM found('c81e728d')");
console.log(`shop, by the function: ${rows.length} of its own, ${others.rows.length} as another company`);
await database.close();
JS
node look.mjs | tee seen.txt
[ "$(cat seen.txt)" = 'owner, part of a word: by_trigrams
shop, part of a word: every row of the company
shop, an address: by_email
shop, by the function: 1 of its own, 0 as another company' ]
echo "as described"
