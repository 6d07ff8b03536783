/** A sentence whose way of business no rule knows, and what Gemini answers about it. */
export const paraphrase = 'Ai xài thì góp đều 199k/tháng';

export const readingOfIt = {
  isClear: true,
  businessModel: { value: 'subscription', words: 'góp đều' },
  plans: [
    {
      name: null,
      price: { value: '199000', currency: null, words: '199k' },
      billingCycle: { value: 'monthly', words: '/tháng' },
      trialDays: null,
      perSeat: null,
    },
  ],
  addons: [],
  promotions: [],
  taxPercent: null,
};

export const sandboxKeys = { apiKey: 'a-key-of-the-sandbox', model: 'gemini-of-the-sandbox' };
