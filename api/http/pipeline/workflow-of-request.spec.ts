import { workflowOfRequest } from './workflow-of-request';

test.each([
  ['a change of an order', { path: '/orders/:id/pay' }, 'order/7'],
  ['an order to be', { path: '/orders', reserves: 'order' as const }, 'order/9'],
  ['a subscription to be', { path: '/subscriptions', reserves: 'subscription' as const }, 'subscription/9'],
  ['a refund', { path: '/payments/:id/refund', reserves: 'refund' as const }, 'payment/7'],
  ['a clock', { path: '/test-clocks/:id/advance' }, 'test-clock/7'],
  ['a product', { path: '/products/:id' }, null],
  ['a product to be', { path: '/products', reserves: 'product' as const }, null],
  ['a list', { path: '/orders' }, null],
  ['a list of somebody', { path: '/orders/customer/:customerId' }, null],
])('%s is about its workflow, if it has one', (_what, route, workflowId) => {
  expect(workflowOfRequest(route, { id: '7', reservedId: 9 })).toBe(workflowId);
});
