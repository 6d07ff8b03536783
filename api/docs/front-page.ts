import { Router } from 'express';

import { htmlPage } from '../pages/html-page';

/** `/`, `/api` and `/api/v1`: where everything is, as a page for browsers and as JSON for the rest. */
export function frontPage({ hasDocs }: { hasDocs: boolean }): Router {
  const router = Router();
  const addresses = {
    api: '/api/v1',
    ...(hasDocs ? { documentation: '/docs', openapi: '/api/v1/openapi.json', problems: '/docs/problems' } : {}),
    health: '/health/ready',
  };
  const names: Readonly<Record<string, string>> = {
    documentation: 'Documentation, to try every call',
    openapi: 'OpenAPI document',
    problems: 'Problem codes',
    health: 'Health',
  };
  const links = Object.entries(addresses).flatMap(([name, address]) =>
    names[name] === undefined ? [] : [`<li><a href="${address}">${names[name]}</a></li>`],
  );
  const page = htmlPage({
    language: 'en',
    title: 'bmms',
    tone: 'plain',
    content: `<p>Orders, subscriptions and billing. The API answers below <code>${addresses.api}</code>.</p><ul>${links.join('')}</ul>`,
  });

  router.get(['/', '/api', '/api/v1'], (request, response) => {
    // JSON first: who accepts anything, as curl does, is no browser.
    response.vary('Accept');

    if (request.accepts(['json', 'html']) === 'html') {
      response.set(page.headers).send(page.body);
    } else {
      response.json({ name: 'bmms', ...addresses });
    }
  });

  return router;
}
