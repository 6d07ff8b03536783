import { askedFor, type SwitchWords } from './model-wish';

const asked = (options: SwitchWords, sentence?: string) => askedFor(sentence, { drain: 'finish', ...options });

describe('what a terminal asks for', () => {
  it('is a sentence, a model or an intent', async () => {
    expect(await asked({}, 'only retail')).toMatchObject({ text: 'only retail' });
    expect(await asked({ to: 'retail' })).toMatchObject({ intent: { businessModel: 'retail', plans: [] } });
    expect(await asked({ intent: '{"businessModel":"multi"}' })).toMatchObject({ intent: { businessModel: 'multi' } });
  });

  it('is one of them', async () => {
    await expect(asked({ to: 'retail', intent: '{"businessModel":"multi"}' })).rejects.toThrow(/exclude each other/);
    await expect(asked({ to: 'retail' }, 'only retail')).rejects.toMatchObject({ code: 'validation_failed' });
  });

  it.each(['{bad', 'null', '[]', '7', '"retail"', ''])('is no intent of %s', async (intent) => {
    await expect(asked({ intent })).rejects.toThrow('--intent takes a JSON object, as POST /model/parse does.');
  });
});
