/** How the events of a period become one number. `last` is the latest one's; of one instant, the greatest event id's. */
export const aggregations = ['count', 'sum', 'max', 'unique_count', 'last'] as const;
export type Aggregation = (typeof aggregations)[number];

export const meterStatuses = ['active', 'archived'] as const;

/** Texts that a property must have one of, by its name. Numbers, true and false count as they are written. */
export type MeterFilters = Readonly<Record<string, readonly string[]>>;

/** What an event's `value` is called among its properties, and what meters read unless they are told otherwise. */
export const valueProperty = 'value';
