import { Router } from 'express';

import { problemsPage } from './problems-page';
import { serveSwaggerUi } from './swagger-ui';

/** `/api/v1/openapi.json`, the page that shows it at `/docs`, and every problem code at `/docs/problems`. */
export function docsRouter(document: object): Router {
  const router = Router();
  const text = JSON.stringify(document);
  const problems = problemsPage();

  router.get('/api/v1/openapi.json', (_request, response) => {
    response.type('application/json').send(text);
  });
  router.get('/docs/problems', (_request, response) => {
    response.type('html').send(problems);
  });
  router.use('/docs', serveSwaggerUi('/api/v1/openapi.json'));

  return router;
}
