#!/usr/bin/env bash
# Billing dates that PostgreSQL lists month by month leave the 31st for good after the first short month.
#
# Seen: PostgreSQL 17.5 (@electric-sql/pglite 0.3.14). generate_series from 31 January by one month gives 28 February and
# then the 28th of every month, because each date is made from the one before it. Multiplying the month by the number of
# the period and adding it to the first date gives 31 March, 30 April, 31 May. Expected by most: that a series by months
# is the first date and its months, as cron-like schedules and calendars have it; a test that begins on the 15th passes.
# What to do: number the periods, and add `n * interval '1 month'` to the anchor.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes > /dev/null
npm install --silent --ignore-scripts --no-audit --no-fund @electric-sql/pglite@0.3.14
cat > series.mjs <<'JS'
import { PGlite } from '@electric-sql/pglite';

const database = await PGlite.create();
const told = async (title, sql) => {
  const { rows } = await database.query(`SELECT string_agg(to_char(d, 'MM-DD'), ' ') AS days FROM (${sql}) AS x(d)`);
  console.log(`${title}: ${rows[0].days}`);
};
await told('one after the other', `SELECT generate_series(timestamp '2026-01-31', '2026-06-30', interval '1 month')`);
await told('each from the first', `SELECT timestamp '2026-01-31' + n * interval '1 month' FROM generate_series(0, 5) n`);
JS
seen=$(node series.mjs)
echo "$seen"
[ "$seen" = 'one after the other: 01-31 02-28 03-28 04-28 05-28 06-28
each from the first: 01-31 02-28 03-31 04-30 05-31 06-30' ]
echo "as described"
