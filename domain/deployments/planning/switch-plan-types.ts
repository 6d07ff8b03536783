import { z } from 'zod';

import { changeset } from '../changeset-types';
import { businessModels } from '../../intents/intent-types';

/** What happens to the open work of what ends (D29). `wait` has a deadline. */
export const drains = ['finish', 'refuse', 'wait'] as const;
export type Drain = (typeof drains)[number];

/** What a company may take on anew. */
export const doors = ['orders', 'subscriptions', 'addons'] as const;
export type Door = (typeof doors)[number];
export type OpenDoors = Record<Door, boolean>;

const sold = {
  action: z.enum(['create', 'reuse']),
  /** Of what is reused; null: it is to be made. */
  id: z.int().nullable(),
  name: z.string(),
};

/** A plan of the switch. Price in minor units for one period. */
export const planChange = z.object({
  ...sold,
  price: z.int(),
  currency: z.string(),
  billingCycle: z.enum(['monthly', 'yearly']),
  trialDays: z.int(),
  unit: z.enum(['seat']).nullable(),
});

export const addonChange = z.object({
  ...sold,
  key: z.string(),
  price: z.int(),
  currency: z.string(),
  billingPeriod: z.enum(['monthly', 'yearly', 'one_time']),
});

/** Exactly one of ratePpm and amount (minor units). `periods` null: for as long as a subscription lasts. */
export const promotionChange = z.object({
  ...sold,
  code: z.string(),
  ratePpm: z.int().nullable(),
  amount: z.int().nullable(),
  currency: z.string().nullable(),
  periods: z.int().nullable(),
});

/** Settings of the company that change, by their names in the catalogue of settings. */
export const switchedSettings = z.object({
  billingMode: z.enum(['onetime', 'recurring', 'freemium']).nullable().optional(),
  taxRatePpm: z.int().optional(),
  freeTier: z.boolean().optional(),
  addonEnabled: z.boolean().optional(),
  subscriptionEnabled: z.boolean().optional(),
});

/** Work that is not over, by what it is. */
export const openWork = z.object({
  orders: z.int(),
  subscriptions: z.int(),
  testClocks: z.int(),
  priceMoves: z.int(),
});

/** All that a switch would do: what a person is shown, and says yes to. Plain JSON. */
export const switchPlan = z.object({
  from: z.enum(businessModels),
  to: z.enum(businessModels),
  changeset,
  plans: z.array(planChange),
  addons: z.array(addonChange),
  promotions: z.array(promotionChange),
  settings: switchedSettings,
  /** What the settings that change are before. */
  settingsBefore: switchedSettings,
  /** What the company takes on anew afterwards. */
  doors: z.record(z.enum(doors), z.boolean()),
  /** What it takes on now and not afterwards: the door that is closed first. */
  closes: z.array(z.enum(doors)),
  opens: z.array(z.enum(doors)),
  /** Services that nobody needs afterwards: stopped, once nothing of theirs is open. */
  stops: z.array(z.string()),
  /** Of the company, in services that it no longer needs. It goes on to its end. */
  openWork,
  /** Active companies of the installation, with this one. */
  companies: z.int(),
});

export type PlanChange = z.output<typeof planChange>;
export type AddonChange = z.output<typeof addonChange>;
export type PromotionChange = z.output<typeof promotionChange>;
export type SwitchedSettings = z.output<typeof switchedSettings>;
export type OpenWork = z.output<typeof openWork>;
export type SwitchPlan = z.output<typeof switchPlan>;
