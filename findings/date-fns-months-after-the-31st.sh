#!/usr/bin/env bash
# date-fns counts a month less than it added, when a subscription that began on the 31st is more than one month old.
#
# Seen: date-fns 4.4.0. addMonths puts three months after 31 January on 30 April, and differenceInMonths of the two is
# 2; from 31 March to 30 April it is 1, because the last day of a month counts as a whole month where one month is asked
# for, and only there. Expected by most: that the difference of what was added is what was added, or that a clamped day
# never counts.
# What to do: keep the number of the period, and compute each boundary from the anchor; do not count it from dates.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes > /dev/null
npm install --silent --ignore-scripts --no-audit --no-fund date-fns@4.4.0
cat > months.mjs <<'JS'
import { addMonths, differenceInMonths, format } from 'date-fns';
const told = (from, months) => {
  const to = addMonths(from, months);
  return `${format(from, 'yyyy-MM-dd')} and ${months} is ${format(to, 'yyyy-MM-dd')}, counted ${differenceInMonths(to, from)}`;
};
const january = new Date(2026, 0, 31);
console.log([1, 2, 3, 5, 8].map((months) => told(january, months)).join('\n'));
console.log(told(new Date(2026, 2, 31), 1));
JS
seen=$(TZ=UTC node months.mjs)
echo "$seen"
[ "$seen" = '2026-01-31 and 1 is 2026-02-28, counted 1
2026-01-31 and 2 is 2026-03-31, counted 2
2026-01-31 and 3 is 2026-04-30, counted 2
2026-01-31 and 5 is 2026-06-30, counted 4
2026-01-31 and 8 is 2026-09-30, counted 7
2026-03-31 and 1 is 2026-04-30, counted 1' ]
echo "as described"
