#!/usr/bin/env bash
# @kubernetes/client-node cannot add up the memory of a pod that asks for 1.5Gi.
#
# Seen: @kubernetes/client-node 1.4.0. quantityToScalar('1.5Gi') throws “SyntaxError: Cannot convert 1.5 to a BigInt”, as
# do 0.5M and 2.5k; with it totalMemory() of such a pod, and so topNodes() of a whole cluster that one such pod runs in.
# 1.5 and 1500m are read. The API server takes all of them: a quantity is a decimal with a suffix, and 1.5Gi is how many
# charts write it. Expected by most: 1,610,612,736, or the pod left out of the sum.
# What to do: write whole numbers (1536Mi) in what one's own templates render, and do not add up what others wrote with
# this function.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes > /dev/null
npm install --silent --ignore-scripts --no-audit --no-fund @kubernetes/client-node@1.4.0
cat > total.mjs <<'JS'
import { quantityToScalar, totalMemory } from '@kubernetes/client-node/dist/util.js';
const told = (label, work) => {
  try {
    console.log(label, String(work()));
  } catch (error) {
    console.log(label, error.name);
  }
};
for (const quantity of ['1536Mi', '1.5Gi', '0.5M', '2.5k', '1.5', '1500m']) {
  told(quantity, () => quantityToScalar(quantity));
}
const pod = (memory) => ({ spec: { containers: [{ name: 'api', resources: { requests: { memory } } }] } });
told('pod of 1536Mi', () => totalMemory(pod('1536Mi')).request);
told('pod of 1.5Gi', () => totalMemory(pod('1.5Gi')).request);
JS
seen=$(node total.mjs)
echo "$seen"
[ "$seen" = '1536Mi 1610612736
1.5Gi SyntaxError
0.5M SyntaxError
2.5k SyntaxError
1.5 1.5
1500m 1.5
pod of 1536Mi 1610612736
pod of 1.5Gi SyntaxError' ]
echo "as described"
