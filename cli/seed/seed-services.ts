import { dbNothing } from '../../platform/db/columns';
import { type Database, Prisma } from '../../platform/db/database';
import { services } from '../../workers/services';

/** A row of wanted state for every service of the registry, running; rows that are there stay as they are (D31). */
export async function seedServices(database: Database, now: Date): Promise<void> {
  const names = services.map((service) => service.name);

  await database.system.query(
    dbNothing,
    Prisma.sql`INSERT INTO platform.service_state (service, updated_at) SELECT unnest(${names}::text[]), ${now}
               ON CONFLICT (service) DO NOTHING`,
  );
}
