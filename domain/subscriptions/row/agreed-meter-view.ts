import { z } from 'zod';

import { AgreedMeter } from '../../usage/prices/agreed-meter';

const Meters = z.array(AgreedMeter);

/** What of an item is billed by usage, as the API shows it. */
export const viewMeters = (meters: unknown) =>
  Meters.parse(meters).map(({ meterId, meterName, priceId, price }) => ({ meterId, meterName, priceId, price }));
