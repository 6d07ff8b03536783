#!/usr/bin/env bash
# The amount in words that a Vietnamese invoice carries comes out wrong from two packages that know the language.
#
# Seen: to-words 5.7.0 (vi-VN) writes 15 as "Mười Năm" and 165,000 as "... Sáu Mươi Năm Nghìn", 21 as "... Một" and
# 1,005 as "Một Nghìn Năm": each digit by itself, where the language changes it after a ten (lăm, mốt) and says the
# empty places between. vn-num2words 1.0.4 gets these right after 20 on and has "muời năm" for 15, misspelt and with the
# five that stands alone. read-vietnamese-number 2.3.1 is right in all of them. Expected by most: that a locale which is
# offered is spelt.
# What to do: read-vietnamese-number, or a table of one's own, and 15, 21, 25, 105, 1,005 and 1,010 among the tests.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes > /dev/null
npm install --silent --ignore-scripts --no-audit --no-fund to-words@5.7.0 vn-num2words@1.0.4 read-vietnamese-number@2.3.1
cat > words.mjs <<'JS'
import { ToWords } from 'to-words';
import inWords from 'vn-num2words';
import { doReadNumber, ReadingConfig } from 'read-vietnamese-number';
const toWords = new ToWords({ localeCode: 'vi-VN' });
const config = new ReadingConfig();
config.unit = [];
for (const amount of [15, 21, 105, 1005, 1010, 165000]) {
  const said = [toWords.convert(amount), inWords(amount), doReadNumber(String(amount), config)];
  console.log([amount, ...said.map((words) => words.toLowerCase().trim())].join(' | '));
}
JS
seen=$(node words.mjs)
echo "amount | to-words | vn-num2words | read-vietnamese-number"
echo "$seen"
[ "$seen" = '15 | mười năm | muời năm | mười lăm
21 | hai mươi một | hai mươi mốt | hai mươi mốt
105 | một trăm năm | một trăm linh năm | một trăm lẻ năm
1005 | một nghìn năm | một nghìn không trăm linh năm | một nghìn không trăm lẻ năm
1010 | một nghìn mười | một nghìn không trăm mười | một nghìn không trăm mười
165000 | một trăm sáu mươi năm nghìn | một trăm sáu mươi lăm nghìn | một trăm sáu mươi lăm nghìn' ]
echo "as described"
