/** Whether tax is added to a price (`exclusive`), or the price holds it, and is what a taxed buyer pays (`inclusive`). */
export const taxBehaviors = ['exclusive', 'inclusive'] as const;
export type TaxBehavior = (typeof taxBehaviors)[number];
