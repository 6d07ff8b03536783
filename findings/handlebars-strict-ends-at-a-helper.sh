#!/usr/bin/env bash
# A Handlebars template that is compiled strictly renders what does not exist, once the value goes through a helper.
#
# Seen: handlebars 4.7.10 with strict, noEscape and knownHelpersOnly. {{replicas}} of a view without it throws, as
# strict promises; {{quote replicas}} hands the helper undefined and renders "undefined", also for a misspelt member of
# an object, and as an argument of a partial it becomes an empty text. A template of YAML whose every value passes a
# quoting helper, the way that injection is usually kept out, has thereby given strict up without saying so. Expected by
# most: that strict holds of every name in the template.
# What to do: the helper itself refuses undefined (and null), by an error that names the place.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes > /dev/null
npm install --silent --ignore-scripts --no-audit --no-fund handlebars@4.7.10
cat > strict.cjs <<'JS'
const handlebars = require('handlebars');
handlebars.registerHelper('quote', (value) => String(JSON.stringify(value)));
handlebars.registerPartial('line', '[{{value}}]');
const render = (template, view) => {
  const options = { strict: true, noEscape: true, knownHelpersOnly: true, knownHelpers: { quote: true } };
  try {
    return handlebars.compile(template, options)(view);
  } catch (error) {
    return `throws: ${error.message.split(' in ')[0]}`;
  }
};
for (const template of ['{{replicas}}', '{{quote replicas}}', '{{quote pod.replicas}}', '{{> line value=replicas}}']) {
  console.log(`${template} gives ${render(template, { pod: {} })}`);
}
JS
seen=$(node strict.cjs)
echo "$seen"
[ "$seen" = '{{replicas}} gives throws: "replicas" not defined
{{quote replicas}} gives undefined
{{quote pod.replicas}} gives undefined
{{> line value=replicas}} gives []' ]
echo "as described"
