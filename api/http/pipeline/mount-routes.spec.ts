import fc from 'fast-check';

import { compareSpecificity } from './mount-routes';

test('literal segments come before parameters, however the paths were listed', () => {
  const paths = [
    '/orders/:id/pay',
    '/orders/:id',
    '/orders/customer/:customerId',
    '/orders',
    '/payments/vnpay/ipn',
    '/payments/:id',
  ];

  fc.assert(
    fc.property(fc.shuffledSubarray(paths, { minLength: paths.length }), (shuffled) => {
      const order = [...shuffled].sort(compareSpecificity);

      expect(order.indexOf('/orders/customer/:customerId')).toBeLessThan(order.indexOf('/orders/:id/pay'));
      expect(order.indexOf('/payments/vnpay/ipn')).toBeLessThan(order.indexOf('/payments/:id'));
    }),
  );
});
