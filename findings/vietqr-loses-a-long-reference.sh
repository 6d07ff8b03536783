#!/usr/bin/env bash
# vietnam-qr-pay writes a QR code to pay by that holds no reference any more, once the reference is long.
#
# Seen: vietnam-qr-pay 1.5.1. A transfer's reference (`purpose`) may have any length for build(), which throws nothing. In the
# code each field says its length in two digits, and the reference lies in a field within another: from 96 characters on
# the outer length keeps its last two digits only. At 96 the package's own reader finds the code valid, with the amount
# and without a reference, so that the payment can be told from no other; at 100 it finds it invalid. Expected by most:
# an error, or a text that is cut. References get that long where one transfer pays several invoices by their numbers.
# What to do: hold references to the 25 characters that VietQR has room for, and read each code back before it is shown.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes > /dev/null
npm install --silent --ignore-scripts --no-audit --no-fund vietnam-qr-pay@1.5.1
cat > reference.cjs <<'JS'
const { QRPay, BanksObject } = require('vietnam-qr-pay');
for (const length of [25, 95, 96, 100]) {
  const purpose = 'INV-000123 '.repeat(10).slice(0, length);
  const to = { bankBin: BanksObject.vietcombank.bin, bankNumber: '0000000000', amount: '165000', purpose };
  const read = new QRPay(QRPay.initVietQR(to).build());
  const kept = (read.additionalData.purpose ?? '') === purpose ? 'reference kept' : 'reference lost';
  console.log(`${length}: ${read.isValid ? 'valid' : 'invalid'}, ${read.amount}, ${kept}`);
}
JS
seen=$(node reference.cjs)
echo "$seen"
[ "$seen" = '25: valid, 165000, reference kept
95: valid, 165000, reference kept
96: valid, 165000, reference lost
100: invalid, 165000, reference lost' ]
echo "as described"
