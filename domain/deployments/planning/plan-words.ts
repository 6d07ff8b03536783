import type { BusinessModel } from '../../intents/intent-types';
import type { ServiceChange } from '../changeset-types';
import type { Door, Drain, OpenWork } from './switch-plan-types';

export const languages = ['vi', 'en'] as const;
export type Language = (typeof languages)[number];

/** The words that a plan is told in. */
export interface PlanWords {
  models: Readonly<Record<BusinessModel, string>>;
  switches(from: string, to: string): string;
  stays(model: string): string;
  target: string;
  exported: string;
  services: string;
  actions: Readonly<Record<ServiceChange['action'], string>>;
  retires: string;
  reasons: Readonly<Record<string, string>>;
  replicas(count: number): string;
  catalogue: string;
  plan: string;
  addon: string;
  promotion: string;
  entries: Readonly<Record<'create' | 'reuse', string>>;
  cycles: Readonly<Record<'monthly' | 'yearly' | 'one_time', string>>;
  perSeat: string;
  trial(days: number): string;
  periods(count: number): string;
  forEver: string;
  settings: string;
  doors: string;
  door: Readonly<Record<Door, string>>;
  closes(what: string): string;
  opens(what: string): string;
  openWork: string;
  orders(count: number): string;
  subscriptions(count: number): string;
  testClocks(count: number): string;
  priceMoves(count: number): string;
  drains: Readonly<Record<Drain, string>>;
  summary(counts: { add: number; change: number; stop: number }): string;
}

const counted = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;

const english: PlanWords = {
  models: { retail: 'retail', subscription: 'subscription', freemium: 'freemium', multi: 'multi' },
  switches: (from, to) => `The business changes: ${from} → ${to}`,
  stays: (model) => `The business stays ${model}`,
  target: 'Target',
  exported: 'Only manifests are written: the business itself does not change.',
  services: 'Services',
  actions: { create: 'is created', start: 'starts', update: 'is updated', stop: 'stops', keep: 'stays' },
  retires: 'finishes what is open, then stops',
  reasons: {
    shared: 'another company needs it',
    open_work: 'work is open',
    unchanged: 'as it is',
    needed_again: 'it was about to stop',
  },
  replicas: (count) => counted(count, 'replica'),
  catalogue: 'Catalogue',
  plan: 'plan',
  addon: 'add-on',
  promotion: 'promotion',
  entries: { create: 'new', reuse: 'as it is sold already' },
  cycles: { monthly: 'month', yearly: 'year', one_time: 'once' },
  perSeat: 'for each seat',
  trial: (days) => `trial of ${counted(days, 'day')}`,
  periods: (count) => `for ${counted(count, 'period')}`,
  forEver: 'for as long as it lasts',
  settings: 'Settings',
  doors: 'What is taken on anew',
  door: { orders: 'orders', subscriptions: 'subscriptions', addons: 'add-ons' },
  closes: (what) => `no new ${what} from the start of the switch`,
  opens: (what) => `new ${what} once it has succeeded`,
  openWork: 'Open work of what ends',
  orders: (count) => counted(count, 'order'),
  subscriptions: (count) => counted(count, 'subscription'),
  testClocks: (count) => counted(count, 'test clock on its way', 'test clocks on their way'),
  priceMoves: (count) => counted(count, 'price move'),
  drains: {
    finish: 'goes on to its end as promised',
    refuse: 'the switch is refused while it is open',
    wait: 'the switch waits until it is over',
  },
  summary: ({ add, change, stop }) => `Plan: ${add} to add, ${change} to change, ${stop} to stop.`,
};

const vietnamese: PlanWords = {
  models: { retail: 'bán lẻ', subscription: 'thuê bao', freemium: 'freemium', multi: 'kết hợp' },
  switches: (from, to) => `Chuyển mô hình kinh doanh: ${from} → ${to}`,
  stays: (model) => `Mô hình kinh doanh giữ nguyên: ${model}`,
  target: 'Nơi triển khai',
  exported: 'Chỉ ghi manifest ra thư mục: việc kinh doanh không thay đổi.',
  services: 'Dịch vụ',
  actions: { create: 'tạo mới', start: 'khởi động', update: 'cập nhật', stop: 'dừng', keep: 'giữ' },
  retires: 'làm nốt việc đang mở rồi dừng',
  reasons: {
    shared: 'công ty khác đang dùng',
    open_work: 'còn việc đang mở',
    unchanged: 'như hiện tại',
    needed_again: 'đang chờ dừng',
  },
  replicas: (count) => `${count} bản sao`,
  catalogue: 'Danh mục',
  plan: 'gói',
  addon: 'tiện ích',
  promotion: 'khuyến mãi',
  entries: { create: 'mới', reuse: 'dùng lại như đang bán' },
  cycles: { monthly: 'tháng', yearly: 'năm', one_time: 'một lần' },
  perSeat: 'mỗi người dùng',
  trial: (days) => `dùng thử ${days} ngày`,
  periods: (count) => `trong ${count} kỳ`,
  forEver: 'suốt thời gian sử dụng',
  settings: 'Cài đặt',
  doors: 'Nhận mới',
  door: { orders: 'đơn hàng', subscriptions: 'thuê bao', addons: 'tiện ích' },
  closes: (what) => `ngừng nhận ${what} mới ngay khi bắt đầu chuyển`,
  opens: (what) => `nhận ${what} mới khi chuyển xong`,
  openWork: 'Việc đang mở của phần kết thúc',
  orders: (count) => `${count} đơn hàng`,
  subscriptions: (count) => `${count} thuê bao`,
  testClocks: (count) => `${count} đồng hồ thử đang chạy`,
  priceMoves: (count) => `${count} đợt đổi giá`,
  drains: {
    finish: 'được làm nốt như đã hứa',
    refuse: 'từ chối chuyển khi còn mở',
    wait: 'chờ đến khi xong hết',
  },
  summary: ({ add, change, stop }) => `Kế hoạch: thêm ${add}, sửa ${change}, dừng ${stop}.`,
};

export const planWords: Readonly<Record<Language, PlanWords>> = { vi: vietnamese, en: english };

/** Open work by its kinds, those that there are: “2 orders, 1 subscription”. */
export function tellWork({ orders, subscriptions, testClocks, priceMoves }: OpenWork, words: PlanWords): string {
  return [
    orders > 0 ? words.orders(orders) : '',
    subscriptions > 0 ? words.subscriptions(subscriptions) : '',
    testClocks > 0 ? words.testClocks(testClocks) : '',
    priceMoves > 0 ? words.priceMoves(priceMoves) : '',
  ]
    .filter((kind) => kind !== '')
    .join(', ');
}
