import { developmentSecrets, readConfig } from './config';

describe('TRUST_PROXY', () => {
  it.each([
    ['', 0],
    ['2', 2],
    ['loopback', 'loopback'],
    ['10.0.0.0/8, 192.0.2.7', '10.0.0.0/8, 192.0.2.7'],
    ['::1', '::1'],
  ])('%j is taken as %j', (text, value) => {
    expect(readConfig({ TRUST_PROXY: text }).TRUST_PROXY).toBe(value);
  });

  it.each(['true', 'proxy.example', '10.0.0.0/x', '-1'])('%j is refused by name', (text) => {
    expect(() => readConfig({ TRUST_PROXY: text })).toThrow(/TRUST_PROXY/);
  });
});

it('names every variable that is wrong', () => {
  expect(() => readConfig({ PORT: 'x', TAX_RATE: '2' })).toThrow(/PORT.*TAX_RATE/);
});

it('refuses default secrets in production', () => {
  expect(() => readConfig({ NODE_ENV: 'production', JWT_SECRET: developmentSecrets.jwt })).toThrow(
    /JWT_SECRET and VNPAY_HASH_SECRET/,
  );
});
