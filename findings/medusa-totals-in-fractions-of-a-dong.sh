#!/usr/bin/env bash
# Medusa's totals of a cart in dong or yen are fractions of them, though its own table says that these have no decimals.
#
# Seen: @medusajs/utils 2.21.2. decorateCartTotals() of one line of 99,999 VND with 8 % tax is a tax of 7,999.92 and a
# total of 107,998.92; with the tax included, a subtotal of 92,591.666… . 333 JPY with 10 % are 366.3, and 9.99 USD with
# 8.25 % are 10.814175. defaultCurrencies has decimal_digits 0 for VND and JPY; of the totals only the sum of credit lines
# is rounded by it. Expected by most: totals that can be paid.
# What to do: whoever takes carts over from it, or shows its totals beside those of a provider who charges whole dong,
# rounds each line once, at a place of one's own, and keeps what was rounded; the totals are no amounts to compare with.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes > /dev/null
npm install --silent --ignore-scripts --no-audit --no-fund @medusajs/utils@2.21.2
cat > totals.cjs <<'JS'
const { decorateCartTotals, defaultCurrencies } = require('@medusajs/utils');
const tell = (code, price, rate, isInclusive) => {
  const line = { unit_price: price, quantity: 1, is_tax_inclusive: isInclusive, tax_lines: [{ rate }] };
  const cart = decorateCartTotals({ currency_code: code.toLowerCase(), items: [line] });
  const [net, tax, total] = [cart.item_subtotal, cart.item_tax_total, cart.total].map((sum) =>
    Number(sum.numeric ?? sum).toFixed(6),
  );
  console.log(`${code}, ${defaultCurrencies[code].decimal_digits} decimals: ${net} + ${tax} = ${total}`);
};
tell('VND', 99999, 8, false);
tell('VND', 99999, 8, true);
tell('JPY', 333, 10, false);
tell('USD', 9.99, 8.25, false);
JS
seen=$(node totals.cjs)
echo "$seen"
[ "$seen" = 'VND, 0 decimals: 99999.000000 + 7999.920000 = 107998.920000
VND, 0 decimals: 92591.666667 + 7407.333333 = 99999.000000
JPY, 0 decimals: 333.000000 + 33.300000 = 366.300000
USD, 2 decimals: 9.990000 + 0.824175 = 10.814175' ]
echo "as described"
