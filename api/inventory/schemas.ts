import { z } from 'zod';

import { movementTypes } from '../../domain/inventory/list-movements';
import { mostUnits } from '../../domain/inventory/stock-change-rules';
import { idParameter, instant, line, searchParameter } from '../http/pipeline/fields';
import { pageParameters } from '../http/pipeline/page';

const units = z.int().min(0).max(mostUnits);

export const productParams = z.strictObject({ productId: idParameter });

export const SetInventoryRequest = z
  .strictObject({
    quantity: units.optional().describe('Units there are, those held for orders included.').meta({ example: 100 }),
    reorderLevel: units.optional().describe('Stock is low when what is available comes down to this.'),
    reason: line(500).optional().describe('For the ledger.'),
  })
  .refine(({ quantity, reorderLevel }) => quantity !== undefined || reorderLevel !== undefined, {
    message: 'Send quantity, reorderLevel or both',
    path: ['quantity'],
  });

export const AdjustInventoryRequest = z.strictObject({
  delta: z
    .int()
    .min(-mostUnits)
    .max(mostUnits)
    .refine((delta) => delta !== 0, 'is not 0')
    .describe('Units that came (above 0) or went (below 0).')
    .meta({ example: -3 }),
  reason: line(500).describe('For the ledger.').meta({ example: 'broken in transport' }),
});

export const ListInventoryQuery = z.strictObject({
  ...pageParameters,
  q: searchParameter.optional(),
  lowStock: z.enum(['true', 'false']).optional(),
});

export const ListMovementsQuery = z.strictObject(pageParameters);

export const StockSchema = z
  .strictObject({
    productId: z.int(),
    sku: z.string(),
    name: z.string(),
    quantity: z.int(),
    reserved: z.int().describe('Held for orders.'),
    available: z.int().describe('quantity − reserved: what can be ordered.'),
    reorderLevel: z.int(),
    isLowStock: z.boolean(),
    updatedAt: instant.nullable().describe('Null while nothing was set.'),
  })
  .meta({ id: 'Stock' });

export const AvailabilitySchema = z
  .strictObject({ productId: z.int(), available: z.int() })
  .meta({ id: 'Availability', description: 'What everybody may see of stock.' });

export const MovementSchema = z
  .strictObject({
    id: z.int(),
    productId: z.int(),
    type: z.enum(movementTypes),
    quantityDelta: z.int(),
    reason: z.string().nullable(),
    orderId: z.int().nullable(),
    userId: z.int().nullable().describe('Who did it; null for the system.'),
    createdAt: instant,
  })
  .meta({ id: 'StockMovement' });
