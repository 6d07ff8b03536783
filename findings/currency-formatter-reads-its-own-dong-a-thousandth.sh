#!/usr/bin/env bash
# currency-formatter does not read back the dong that it wrote: 165,000 comes back as 165.
#
# Seen: currency-formatter 1.5.9. format(165000, { code: 'VND' }) is "165.000 ₫", and unformat() of that with the same
# code is 165: its table gives the dong a point both between thousands and before decimals. The rupiah, the peso of
# Chile and the króna, written with the same point and no decimals either, come back whole. Expected by most: that what
# a package formats for a currency it also reads in it, or throws.
# What to do: never read amounts from text that was formatted; where a person types one, by rules of one's own.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes > /dev/null
npm install --silent --ignore-scripts --no-audit --no-fund currency-formatter@1.5.9
cat > back.cjs <<'JS'
const { format, unformat } = require('currency-formatter');
for (const code of ['VND', 'IDR', 'CLP', 'ISK', 'EUR']) {
  const text = format(165000, { code });
  console.log(`${code} ${text.replace(/\s/g, ' ')} ${unformat(text, { code })}`);
}
JS
seen=$(node back.cjs)
echo "$seen"
[ "$seen" = 'VND 165.000 ₫ 165
IDR Rp165.000 165000
CLP $ 165.000 165000
ISK 165.000 kr. 165000
EUR 165 000,00 € 165000' ]
echo "as described"
