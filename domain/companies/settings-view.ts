import { resolveSettings, settingCatalogue, settingKeys } from './setting-catalogue';

/** The table of every setting: what holds, what would hold by default, and what it means. */
export function viewSettings(stored: Record<string, unknown>) {
  const values = resolveSettings(stored);
  const settings = settingKeys.map((key) => {
    const { default: initial, meaning, unit } = settingCatalogue[key];

    return { key, value: values[key], default: initial, meaning, unit, isDefault: !Object.hasOwn(stored, key) };
  });

  return { settings, values };
}
