#!/usr/bin/env bash
# Where Temporal's preloaded workflow modules and zod meet: a schema that is shared by all workflows cannot parse.
#
# `preloadModules` of bundleWorkflowCode (TypeScript SDK, 1.24.0) loads modules once in each reusable V8 context, which is
# what one wants for message schemas: they are stateless, and costly to build for each workflow. After the preload the
# SDK freezes what those modules export, to its depths. A schema of zod 4.6.7 makes `parse`, `safeParse` and much else on
# first use, on the schema itself: frozen, the first parse of every workflow throws a TypeError. Expected by most: that a
# schema is immutable, as zod says of its API, so that freezing it changes nothing.
# Neither documents the other. A module whose exports are frozen already is not looked into by the SDK, so freezing the
# exports of the schema module (not the schemas) right after they were made keeps them usable.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes > /dev/null
npm install --silent --ignore-scripts --no-audit --no-fund zod@4.6.7 @temporalio/worker@1.24.0 @temporalio/workflow@1.24.0
mkdir deep shallow
for kind in deep shallow; do
  cat > $kind/schemas.js <<'JS'
const { z } = require('zod');
exports.message = z.strictObject({ paymentId: z.int().min(1) });
JS
done
echo 'Object.freeze(exports);' >> shallow/schemas.js
cat > try.cjs <<'JS'
const { readFileSync } = require('node:fs');
const path = require('node:path');
// The SDK's own function, which it exports to nobody: cut out of the file that runs workflows.
const source = readFileSync(path.join(path.dirname(require.resolve('@temporalio/worker')), 'workflow', 'reusable-vm.js'), 'utf8');
const text = source.slice(source.indexOf('function deepFreeze'));
const deepFreeze = new Function(`${text.replace(/\/\/# sourceMappingURL.*/, '')}; return deepFreeze;`)();
for (const kind of ['deep', 'shallow']) {
  const schemas = require(`./${kind}/schemas.js`);
  deepFreeze({ exports: schemas });
  try {
    console.log(`${kind}: ${JSON.stringify(schemas.message.parse({ paymentId: 5 }))}`);
  } catch (error) {
    console.log(`${kind}: ${error.name}: ${error.message}`);
  }
}
JS
seen=$(node try.cjs)
echo "$seen"
[ "$seen" = 'deep: TypeError: Cannot define property parse, object is not extensible
shallow: {"paymentId":5}' ]
echo "as described"
