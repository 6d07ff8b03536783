import { foldWord } from '../../words/fold-rules';

/** Kinds of add-ons that many businesses sell, by the key that each gets in whatever language it is named. */
const kinds = {
  reports: 'báo cáo, report, reporting, phân hệ báo cáo',
  export: 'xuất dữ liệu, xuất file, export data, kết xuất dữ liệu',
  support: 'hỗ trợ, hỗ trợ kỹ thuật, hỗ trợ khách hàng, technical support, tech support, customer support',
  domain: 'tên miền, domain name',
  'custom-domain': 'tên miền riêng, own domain',
  users: 'người dùng, người dùng thêm, người dùng bổ sung',
  sms: 'tin nhắn, tin nhắn sms, nhắn tin sms, gửi sms, sms messages, text messages',
  api: 'truy cập api, kết nối api, dùng api',
} as const;

const keys = new Map(
  Object.entries(kinds).flatMap(([key, names]) => [key, ...names.split(', ')].map((name) => [foldWord(name), key])),
);
const ownNames = ['api access', 'custom domain', 'exports'];

/** @returns the key of a name that many give to the same add-on; null for every other name */
export const kindOf = (name: string): string | null => keys.get(foldWord(name).replace(/\s+/g, ' ')) ?? null;

/** Nobody sells it but as a part of something else: “báo cáo”, “báo cáo nâng cao”. */
export const isKnownAddon = (name: string): boolean =>
  [...keys.keys(), ...ownNames].some((known) => `${foldWord(name)} `.startsWith(`${known} `));
