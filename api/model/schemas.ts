import { z } from 'zod';

import { changeset } from '../../domain/deployments/changeset-types';
import { targetKinds } from '../../domain/deployments/deployment-target-types';
import { doors, drains, openWork, switchPlan } from '../../domain/deployments/planning/switch-plan-types';
import { deploymentStatuses } from '../../domain/deployments/row/deployment-status-rules';
import { paragraph, rowId } from '../../domain/field-schema';
import { businessModels, intent, MAX_SENTENCE_LENGTH } from '../../domain/intents/intent-types';
import { instant } from '../http/pipeline/fields';

export const tag = 'Business model';

const planHash = z
  .string()
  .regex(/^[0-9a-f]{64}$/, 'is 64 hexadecimal digits')
  .describe('Of the plan that was shown: what is approved is that plan and no other.');

const asked = {
  text: paragraph(MAX_SENTENCE_LENGTH)
    .refine((text) => text !== '', 'is empty')
    .optional()
    .describe(
      'What is asked for, in a sentence of Vietnamese or English. What it leaves open is asked back in `questions`; prices without a currency are in that of the company.',
    )
    .meta({ example: 'Chuyển sang subscription 199k/tháng' }),
  intent: intent.optional().describe('The same as an intent. What is null or empty does not change.'),
  target: z
    .enum(targetKinds)
    .optional()
    .describe('Where services run, or are written to; as the installation has it where not given.'),
  drain: z
    .enum(drains)
    .default('finish')
    .describe('What becomes of the open work of what ends: it goes on to its end, the switch is refused, or it waits.'),
};

/** Either in words, or as an intent. */
const isOneWish = ({ text, intent: made }: { text?: unknown; intent?: unknown }): boolean =>
  (text === undefined) !== (made === undefined);
const oneWish = { path: ['text'], error: 'takes what is asked for in words; or else intent does, and not both' };

export const ParseRequest = z.strictObject(asked).refine(isOneWish, oneWish);

export const SwitchRequest = z
  .strictObject({
    ...asked,
    drainMinutes: z
      .int()
      .min(1)
      .max(10_080)
      .optional()
      .describe('How long `wait` waits, and for nothing else; an hour where not given.'),
    expiresInMinutes: z.int().min(1).max(10_080).optional().describe('For the approval; an hour where not given.'),
    dryRun: z.boolean().default(false).describe('Answers the plan, and writes nothing.'),
    planHash: planHash
      .optional()
      .describe('Of a plan that was seen already: the switch is approved as it is asked for.'),
  })
  .refine(isOneWish, oneWish)
  .refine(({ drain, drainMinutes }) => drain === 'wait' || drainMinutes === undefined, {
    path: ['drainMinutes'],
    error: 'belongs to drain `wait`: nothing else waits',
  });

export const ApproveRequest = z.strictObject({
  planHash: planHash.optional().describe('Without it: the plan that the switch holds now.'),
});

const description = z.strictObject({ vi: z.string(), en: z.string() }).describe('The plan as people read it.');
const target = z.strictObject({
  kind: z.enum(targetKinds),
  targetId: z.string(),
  context: z.string().nullable(),
  server: z.string().nullable(),
  clusterId: z.string().nullable(),
});
const changes = z.strictObject(switchPlan.omit({ changeset: true }).shape);

const evidence = z
  .array(
    z.strictObject({
      field: z.string().describe('JSON pointer into the intent.'),
      text: z.string(),
      start: z.int(),
      end: z.int(),
    }),
  )
  .describe('The words that each value of the intent comes from, with their places in the sentence.');

export const PlanSchema = z
  .strictObject({
    intent,
    evidence,
    changeset: changeset.nullable().describe('null: there are questions.'),
    plan: changes.nullable(),
    planHash: z.string().nullable(),
    target: target.nullable(),
    description: description.nullable(),
  })
  .meta({ id: 'SwitchPlan' });

export const DeploymentSchema = z
  .strictObject({
    id: rowId,
    status: z.enum(deploymentStatuses),
    target,
    drain: z.enum(drains),
    drainMinutes: z.int().nullable(),
    sentence: z.string().nullable(),
    intent,
    changeset,
    plan: changes,
    planHash: z.string(),
    description,
    rollbackOf: rowId.nullable().describe('The deployment that it takes back.'),
    userId: rowId.nullable(),
    approvedAt: instant.nullable(),
    approvedBy: rowId.nullable().describe('null: nobody yet, or somebody at a terminal.'),
    expiresAt: instant.describe('Without an approval.'),
    doorClosedAt: instant.nullable(),
    committedAt: instant.nullable().describe('From here on the business is another one.'),
    revision: z.int().nullable().describe('Of the target.'),
    retiring: z.array(z.string()).describe('Services that stop once nothing of theirs is open.'),
    outcomeCode: z.string().nullable(),
    outcome: z.string().nullable().describe('Why it came to nothing.'),
    steps: z.array(z.strictObject({ at: instant, status: z.enum(deploymentStatuses), says: z.string() })),
    createdAt: instant,
    endedAt: instant.nullable(),
    updatedAt: instant,
  })
  .meta({ id: 'Deployment' });

export const ModelSchema = z
  .strictObject({
    businessModel: z.enum(businessModels),
    accepts: z.record(z.enum(doors), z.boolean()).describe('What the company takes on anew.'),
    openWork,
    services: z
      .array(
        z.strictObject({
          service: z.string(),
          state: z.enum(['running', 'retiring', 'stopped', 'missing']),
          replicas: z.int(),
          env: z.record(z.string(), z.string()),
        }),
      )
      .nullable()
      .describe('As they are wanted on the target of the installation; null: it does not answer.'),
    deployment: DeploymentSchema.nullable().describe('The one that is under way.'),
  })
  .meta({ id: 'Model' });
