#!/usr/bin/env bash
# The package vnpay stamps vnp_CreateDate right on a host in UTC, and seven hours ahead on a host in Vietnam.
#
# Seen: vnpay 2.5.0, payment URL without a vnp_CreateDate of one's own. VNPay wants the time of GMT+7. The package moves
# the instant by seven hours and then prints it in the host's own zone: right where that is UTC, and on a machine whose
# zone is Asia/Ho_Chi_Minh the order was created in seven hours, in Tokyo in nine. Expected by most: that the date
# follows from the instant, and that a developer in Hanoi sees what the server in UTC sends.
# What to do: set vnp_CreateDate and vnp_ExpireDate yourself, formatted in Asia/Ho_Chi_Minh.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes > /dev/null
npm install --silent --ignore-scripts --no-audit --no-fund vnpay@2.5.0
cat > create-date.cjs <<'JS'
const { VNPay, ignoreLogger, ProductCode } = require('vnpay');
const shop = new VNPay({ tmnCode: 'DEMO0001', secureSecret: 'example', vnpayHost: 'https://sandbox.vnpayment.vn', loggerFn: ignoreLogger });
const before = Date.now();
const url = new URL(
  shop.buildPaymentUrl({
    vnp_Amount: 165000,
    vnp_IpAddr: '127.0.0.1',
    vnp_TxnRef: '1',
    vnp_OrderInfo: 'order 1',
    vnp_OrderType: ProductCode.Other,
    vnp_ReturnUrl: 'http://127.0.0.1/return',
  }),
);
const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(url.searchParams.get('vnp_CreateDate'));
const stamped = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}+07:00`);
console.log(`${process.env.TZ}: ${Math.round((stamped - before) / 360_000) / 10 || 0} hours from now`);
JS
seen=$(for zone in UTC Asia/Ho_Chi_Minh Asia/Tokyo; do TZ=$zone node create-date.cjs; done)
echo "$seen"
[ "$seen" = 'UTC: 0 hours from now
Asia/Ho_Chi_Minh: 7 hours from now
Asia/Tokyo: 9 hours from now' ]
echo "as described"
