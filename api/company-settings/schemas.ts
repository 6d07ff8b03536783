import { z } from 'zod';

import { settingCatalogue, type SettingKey, settingKeys } from '../../domain/companies/setting-catalogue';
import type { SettingChanges } from '../../domain/companies/update-settings';

/** A member for each setting of the catalogue, made from its type. */
function fromCatalogue<Made extends z.ZodType>(
  make: (type: z.ZodType, meaning: string) => Made,
): Record<SettingKey, Made> {
  const members = settingKeys.map((key) => [key, make(settingCatalogue[key].type, settingCatalogue[key].meaning)]);

  return Object.fromEntries(members) as Record<SettingKey, Made>;
}

/** Only what is named changes; null takes a setting back to its default. */
export const UpdateSettingsRequest = z.strictObject(
  fromCatalogue((type, meaning) => type.nullable().optional().describe(meaning)),
) as unknown as z.ZodType<SettingChanges>;

export const SettingsSchema = z
  .strictObject({
    settings: z.array(
      z.strictObject({
        key: z.enum(settingKeys),
        value: z.unknown(),
        default: z.unknown(),
        meaning: z.string(),
        unit: z.string().nullable().describe('Of the number, where it is one.'),
        isDefault: z.boolean().describe('The company did not set it.'),
      }),
    ),
    values: z.strictObject(fromCatalogue((type, meaning) => type.describe(meaning))),
  })
  .meta({ id: 'CompanySettings' });
