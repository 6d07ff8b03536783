import { z } from 'zod';

import { rowId } from '../../domain/field-schema';
import { line, plannedInstant } from '../http/pipeline/fields';

/** Members by which pricing rules and promotions name products. */
export const namedProducts = {
  productIds: z.array(rowId).max(1_000).default([]),
  categories: z.array(line(100)).max(100).default([]).describe('In any case, with or without diacritics.'),
};

/** Members that say when they hold. */
export const heldBetween = {
  startsAt: plannedInstant.nullable().optional().describe('From this instant on.'),
  endsAt: plannedInstant.nullable().optional().describe('Until before this instant.'),
};

interface HeldBetween {
  startsAt?: string | null | undefined;
  endsAt?: string | null | undefined;
}

/** Texts of instants as the domain takes them; what is not given stays so. */
export function withInstants<Body extends HeldBetween>({ startsAt, endsAt, ...body }: Body) {
  return {
    ...body,
    ...(startsAt === undefined ? {} : { startsAt: startsAt === null ? null : new Date(startsAt) }),
    ...(endsAt === undefined ? {} : { endsAt: endsAt === null ? null : new Date(endsAt) }),
  };
}
