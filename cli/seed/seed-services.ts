import { seedServiceStates } from '../../domain/deployments/local/seed-service-states';
import type { Database } from '../../platform/db/database';
import { services } from '../../workers/services';

/** A row of wanted state for every service of the registry; rows that are there stay as they are (D31). */
export function seedServices(database: Database, now: Date): Promise<void> {
  return seedServiceStates(
    database,
    services.map((service) => service.name),
    now,
  );
}
