/** Campaigns look at accounts at this hour of their local day, so that nobody is written to at night. */
export const lookHour = 9;
