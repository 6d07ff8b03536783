import { defineConfig } from 'prisma/config';

/** `prisma generate` needs the schema folder only; migrations are SQL applied by `bmms migrate`. */
export default defineConfig({ schema: 'prisma/schema' });
