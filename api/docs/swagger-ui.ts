import { type RequestHandler, Router } from 'express';
import swaggerUi from 'swagger-ui-express';

/** The page sets styles inline and draws its icons from data addresses; scripts are its own files only. */
const contentSecurity = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "object-src 'none'",
  "base-uri 'self'",
  "frame-ancestors 'self'",
].join('; ');

/** Swagger UI with its own assets: nothing is loaded from elsewhere. */
export function serveSwaggerUi(documentAddress: string): RequestHandler {
  const router = Router();
  const options = {
    customSiteTitle: 'bmms API',
    swaggerOptions: { url: documentAddress, displayRequestDuration: true, persistAuthorization: true, filter: true },
  };

  router.use((_request, response, next) => {
    response.setHeader('Content-Security-Policy', contentSecurity);
    next();
  });
  router.use(swaggerUi.serveFiles(undefined, options), swaggerUi.setup(undefined, options));

  return router;
}
