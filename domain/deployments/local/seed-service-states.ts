import { dbNothing } from '../../../platform/db/columns';
import { type Database, Prisma } from '../../../platform/db/database';

/** A row of wanted state for every service that is named, running; rows that are there stay as they are (D31). */
export async function seedServiceStates(database: Database, names: readonly string[], now: Date): Promise<void> {
  await database.system.query(
    dbNothing,
    Prisma.sql`INSERT INTO platform.service_state (service, updated_at) SELECT unnest(${[...names]}::text[]), ${now}
               ON CONFLICT (service) DO NOTHING`,
  );
}
