#!/usr/bin/env bash
# currency.js rounds half of a charge away from zero and half of the credit for it towards zero.
#
# Seen: currency.js 2.0.4 with precision 0, as for dong or yen. Half of 100,001 is 50,001 as a charge and -50,000 as a
# credit of the same: a line that is taken back in full leaves 1, and whether it does depends on multiplying before or
# after the sign is turned. Expected by most: that a credit is the charge with its sign turned, as every rule named half
# up or half even has it on amounts of money.
# What to do: compute the charge, round it, and turn the sign last; or a package that names its rounding.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes > /dev/null
npm install --silent --ignore-scripts --no-audit --no-fund currency.js@2.0.4
cat > halves.cjs <<'JS'
const currency = require('currency.js');
const dong = (amount) => currency(amount, { precision: 0 });
for (const price of [100001, 199001]) {
  const charge = dong(price).multiply(0.5).value;
  const credit = dong(-price).multiply(0.5).value;
  console.log(`half of ${price}: charged ${charge}, credited ${credit}, left ${charge + credit}`);
}
JS
seen=$(node halves.cjs)
echo "$seen"
[ "$seen" = 'half of 100001: charged 50001, credited -50000, left 1
half of 199001: charged 99501, credited -99500, left 1' ]
echo "as described"
