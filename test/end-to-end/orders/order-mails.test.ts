import type { CaughtMail } from '../../../sandboxes/mail/mail-store';
import { testSystem } from '../../environment/test-system';
import { openShop, orderOf, type TestShop, until } from './orders-test-shop';

let shop: TestShop;

beforeAll(async () => {
  shop = await openShop();
});

const mailTo = async (email: string, subject: string) => {
  const mails = await until(
    async () => {
      const answer = await fetch(`${testSystem().mailUrl}/messages?to=${email}`);

      return ((await answer.json()) as { data: CaughtMail[] }).data.filter((mail) => mail.subject === subject);
    },
    (found) => found.length > 0,
  );
  expect(mails.map((mail) => mail.subject)).toEqual([subject]);

  return mails[0]?.text ?? '';
};

const place = async (fields: Record<string, unknown> = {}) => {
  const buyer = await shop.addBuyer();
  const { status, body: order } = await buyer.api.post('/orders', orderOf(await shop.addProduct(), fields, 2));
  expect(status).toBe(201);

  return { order, buyer };
};
const settle = (paymentId: number, as: 'success' | 'fail') =>
  shop.company.visitor.post(`/payments/${paymentId}/test/${as}`);

it('a paid order is confirmed with its lines and totals, then told with its number when it is shipped', async () => {
  const { order, buyer } = await place({ paymentMethod: 'vnpay' });
  await settle(order.paymentId, 'success');
  const confirmed = await mailTo(buyer.email, `Đơn hàng ${order.orderNumber} đã được xác nhận`);

  expect(confirmed).toContain('đã được thanh toán và xác nhận.');
  expect(confirmed).toContain('Áo dài × 2 · 100.000 ₫\n\nTạm tính: 100.000 ₫\nThuế: 10.000 ₫\nTổng cộng: 110.000 ₫');
  expect(confirmed).toContain('Giao đến: 12 Tràng Tiền, Hà Nội');
  await shop.staff.post(`/orders/${order.id}/ship`, { carrier: 'GHN', trackingNumber: 'GHN-7' });
  expect(await mailTo(buyer.email, `Đơn hàng ${order.orderNumber} đang được giao`)).toContain(
    'đã được giao cho GHN.\nMã vận đơn: GHN-7',
  );
});

it('cash on delivery is confirmed at once, and what to have ready is told with the goods', async () => {
  const { order, buyer } = await place({ paymentMethod: 'cod' });

  expect(await mailTo(buyer.email, `Đơn hàng ${order.orderNumber} đã được xác nhận`)).toContain(
    'đã được xác nhận và được thanh toán khi nhận hàng.',
  );
  await shop.staff.post(`/orders/${order.id}/ship`, {});
  const shipped = await mailTo(buyer.email, `Đơn hàng ${order.orderNumber} đang được giao`);
  expect(shipped).toContain('đã được giao cho đơn vị vận chuyển.');
  expect(shipped).toContain('Số tiền cần thanh toán khi nhận hàng: 110.000 ₫');
  await shop.staff.post(`/orders/${order.id}/deliver`, {});
  const notices = (await shop.manager.get(`/customers/${buyer.customerId}/notices`)).body.data;
  expect(notices.map(({ kind }: { kind: string }) => kind)).toEqual(['order_shipped', 'order_confirmed']);
});

it('a payment that failed is told with a link to pay again while the order waits', async () => {
  const { order, buyer } = await place({ paymentMethod: 'vnpay' });
  await settle(order.paymentId, 'fail');
  const text = await mailTo(buyer.email, `Thanh toán cho đơn hàng ${order.orderNumber} không thành công`);
  const link = /Thanh toán ngay: (\S+)/.exec(text)?.[1] ?? '';

  expect(text).toMatch(/Đơn hàng được giữ cho bạn đến \d\d:\d\d ngày \d\d\/\d\d\/\d{4}; bạn có thể thanh toán lại\./);
  expect(await (await fetch(link)).text()).toContain('110.000 ₫');
});

it('a cancelled order says whether money goes back, and the refund that it did', async () => {
  const unpaid = await place({ paymentMethod: 'vnpay' });
  await unpaid.buyer.api.post(`/orders/${unpaid.order.id}/cancel`, { reason: 'no' });
  expect(await mailTo(unpaid.buyer.email, `Đơn hàng ${unpaid.order.orderNumber} đã được hủy`)).toContain(
    'Bạn không phải trả tiền cho đơn hàng này.',
  );

  const paid = await place({ paymentMethod: 'card', paymentToken: 'tok_ok' });
  await until(
    async () => (await paid.buyer.api.get(`/orders/${paid.order.id}`)).body,
    ({ status }) => status === 'confirmed',
  );
  await paid.buyer.api.post(`/orders/${paid.order.id}/cancel`, { reason: 'no' });
  expect(await mailTo(paid.buyer.email, `Đơn hàng ${paid.order.orderNumber} đã được hủy`)).toContain(
    'Chúng tôi sẽ hoàn lại 110.000 ₫ bạn đã thanh toán.',
  );
  expect(await mailTo(paid.buyer.email, 'Chúng tôi đã hoàn lại 110.000 ₫ cho bạn')).toContain(
    `cho đơn hàng ${paid.order.orderNumber}`,
  );
});
