/** A sentence whose way of business no rule knows, and what Gemini answers about it. */
export const paraphrase = 'Cho khách đóng tiền đều đặn 199k/tháng';

export const readingOfIt = {
  isClear: true,
  businessModel: { value: 'subscription', words: 'đóng tiền đều đặn' },
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
