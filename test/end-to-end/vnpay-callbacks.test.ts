import { openShop, orderOf, type TestShop } from './orders-test-shop';

let shop: TestShop;

beforeAll(async () => {
  shop = await openShop();
});

describe('a notification by VNPay', () => {
  it('begins with an order that waits for its payment', async () => {
    const productId = await shop.addProduct();
    const buyer = await shop.addBuyer();
    const placed = await buyer.api.post('/orders', orderOf(productId));

    expect(placed).toMatchObject({ status: 201, body: { status: 'pending', totalAmount: 55_000 } });
  });
});
