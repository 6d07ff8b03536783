#!/usr/bin/env bash
# Intl.NumberFormat's digits of a currency are no constant of a Node release line.
#
# Seen: between two releases of Node 20 (20.19.0 with ICU 76.1, 20.20.2 with ICU 78.2) the default fraction digits of
# COP, HUF, IDR and PKR went from 2 to 0, and those of RSD from 0 to 2. All five have 2 minor digits in ISO 4217, which the
# package currency-codes 2.2.0 carries. Expected by most: that a currency formatter knows the minor unit, and that a patch
# release does not move it. Whoever divides minor units by 10^digits told by Intl mails 1,234.50 HUF as 123,450 from
# one host and as 1,234.50 from another.
# What to do: a table of one's own for arithmetic, and minimumFractionDigits/maximumFractionDigits told to Intl.
set -euo pipefail
case "$(uname -s)-$(uname -m)" in
  Linux-x86_64) platform=linux-x64 ;;
  Linux-aarch64) platform=linux-arm64 ;;
  *) echo "runs on Linux only: the two releases of Node come as packages for it"; exit 1 ;;
esac
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes > /dev/null
npm install --silent --ignore-scripts --no-audit --no-fund \
  "old@npm:node-$platform@20.19.0" "new@npm:node-$platform@20.20.2" currency-codes@2.2.0
cat > digits.mjs <<'JS'
import codes from 'currency-codes';
const told = (currency) => new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits;
const line = ['COP', 'HUF', 'IDR', 'PKR', 'RSD', 'USD', 'VND'].map((one) => `${one}=${told(one)}/${codes.code(one).digits}`);
console.log(`node ${process.versions.node} icu ${process.versions.icu}: ${line.join(' ')}`);
JS
old=$(node_modules/old/bin/node digits.mjs)
new=$(node_modules/new/bin/node digits.mjs)
echo "currency=digits told by Intl/digits of ISO 4217"
echo "$old"
echo "$new"
[ "$old" = 'node 20.19.0 icu 76.1: COP=2/2 HUF=2/2 IDR=2/2 PKR=2/2 RSD=0/2 USD=2/2 VND=0/0' ]
[ "$new" = 'node 20.20.2 icu 78.2: COP=0/2 HUF=0/2 IDR=0/2 PKR=0/2 RSD=2/2 USD=2/2 VND=0/0' ]
echo "as described"
