import type { Config } from '../platform/config';

/** @throws Error when DATABASE_ADMIN_URL is missing: this command needs the owner of the tables. */
export function requireAdminUrl(config: Config): string {
  if (config.DATABASE_ADMIN_URL === undefined) {
    throw new Error('Set DATABASE_ADMIN_URL: this command needs the role that owns the tables.');
  }

  return config.DATABASE_ADMIN_URL;
}
