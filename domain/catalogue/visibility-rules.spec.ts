import { readableEntry, shownStatuses, statusFilters } from './visibility-rules';

describe('visibility of the catalogue', () => {
  it('shows what is active to everybody', () => {
    expect(shownStatuses(undefined, false)).toEqual(['active']);
    expect(shownStatuses('active', false)).toEqual(['active']);
    expect(shownStatuses(undefined, true)).toEqual(['active']);
  });

  it('shows the rest to employees who ask', () => {
    expect(shownStatuses('archived', true)).toEqual(['archived']);
    expect(shownStatuses('draft', true)).toEqual(['draft']);
    expect(shownStatuses('all', true)).toEqual(['draft', 'active', 'archived']);
  });

  it.each(statusFilters.filter((status) => status !== 'active'))('refuses %s to others', (status) => {
    expect(() => shownStatuses(status, false)).toThrow(expect.objectContaining({ code: 'forbidden', field: 'status' }));
  });

  it.each([{ status: 'draft' }, { status: 'archived' }, { isActive: false }] as const)('hides %j', (entry) => {
    expect(readableEntry(entry, false)).toBeNull();
    expect(readableEntry(entry, true)).toBe(entry);
  });

  it.each([{ status: 'active' }, { isActive: true }] as const)('shows %j', (entry) => {
    expect(readableEntry(entry, false)).toBe(entry);
  });
});
