import { changedTrialEnd, dayOrInstant, localDay, plannedInstant } from './field-schema';

describe('days and instants that people name', () => {
  it.each(['1970-01-01', '2024-02-29', '2199-12-31'])('takes the day %s', (day) => {
    for (const schema of [localDay, dayOrInstant, changedTrialEnd]) {
      expect(schema.safeParse(day).success).toBe(true);
    }
  });

  it.each(['0001-01-01', '1969-12-31', '2023-02-29', '2200-01-01', '9999-12-31'])('refuses the day %s', (day) => {
    for (const schema of [localDay, dayOrInstant, changedTrialEnd]) {
      expect(schema.safeParse(day).success).toBe(false);
    }
  });

  it.each(['0001-01-01T00:00:00Z', '2200-01-01T00:00:00+00:00', '9999-12-31T23:59:59Z'])('refuses %s', (text) => {
    for (const schema of [plannedInstant, dayOrInstant, changedTrialEnd]) {
      expect(schema.safeParse(text).success).toBe(false);
    }
  });
});
