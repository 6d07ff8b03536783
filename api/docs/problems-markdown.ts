import { errorCatalogue } from '../../domain/error-codes';

/** Every problem code for docs/problems.md, written from the one catalogue. */
export function problemsMarkdown(): string {
  const rows = Object.entries(errorCatalogue)
    .sort(([left, { status: a }], [right, { status: b }]) => a - b || (left < right ? -1 : 1))
    .map(([code, { status, title, advice }]) => `| \`${code}\` | ${status} | ${title} | ${advice} |`);

  return `# Problems

Every error of the API is an \`application/problem+json\` document (RFC 9457):

\`\`\`json
{
  "type": "/docs/problems#out_of_stock",
  "title": "Not enough stock",
  "status": 409,
  "detail": "Not enough stock",
  "instance": "3f9b1c1e-checkout",
  "code": "out_of_stock",
  "field": "/items/0",
  "lines": [{ "productId": 7, "requested": 3, "available": 1 }]
}
\`\`\`

Decide by \`code\`: codes never change their meaning. \`detail\` is for people and may change. \`instance\` is the request id
(\`X-Request-Id\`), which finds the request in the logs. \`field\` is a JSON pointer below the body, or the name of a parameter
or header. With \`validation_failed\`, \`errors\` lists everything that is wrong: \`{ field, message, code }\` each.

429, 503 and \`idempotency_in_progress\` come with \`Retry-After\` in seconds. A request that is refused (4xx) has changed
nothing; its \`Idempotency-Key\` keeps the refusal, so who asks again later takes another one. After a 5xx, repeat with the
same \`Idempotency-Key\`: what was done is not done twice.

| code | status | when | what to do |
|---|---|---|---|
${rows.join('\n')}

This page is written from the catalogue in the code: \`npm run build && node dist/cli/bmms.js docs\`.
`;
}
