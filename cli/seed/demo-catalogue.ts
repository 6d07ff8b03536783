import type { NewAddon } from '../../domain/catalogue/addons/create-addon';
import type { NewFeature } from '../../domain/catalogue/features/create-feature';
import type { NewPlan } from '../../domain/catalogue/plans/create-plan';
import type { NewProduct } from '../../domain/catalogue/products/create-product';

/** What the demo company sells. Prices in VND, which has no smaller unit. The first product and plan are the manual's examples. */
export const demoProducts: readonly (NewProduct & { stock: number; reorderLevel: number })[] = [
  {
    sku: 'LY-GOM-01',
    name: 'Ly gốm Bát Tràng',
    description: 'Ly gốm tráng men, vẽ tay.',
    category: 'Gia dụng',
    price: 50_000,
    currency: 'VND',
    attributes: { colours: ['trắng', 'xanh lam'], specifications: { material: 'gốm', volumeMl: 250 } },
    stock: 200,
    reorderLevel: 20,
  },
  {
    sku: 'CA-PHE-500',
    name: 'Cà phê rang xay 500 g',
    category: 'Đồ uống',
    price: 120_000,
    currency: 'VND',
    attributes: { origin: 'Buôn Ma Thuột', specifications: { weightGrams: 500 } },
    stock: 150,
    reorderLevel: 15,
  },
  {
    sku: 'TRA-SEN-100',
    name: 'Trà sen Tây Hồ 100 g',
    category: 'Đồ uống',
    price: 95_000,
    currency: 'VND',
    attributes: { origin: 'Hà Nội', specifications: { weightGrams: 100 } },
    stock: 80,
    reorderLevel: 10,
  },
  {
    sku: 'AO-THUN-M',
    name: 'Áo thun cotton cỡ M',
    category: 'Thời trang',
    price: 150_000,
    currency: 'VND',
    attributes: { size: 'M', colours: ['đen', 'đỏ'] },
    stock: 120,
    reorderLevel: 12,
  },
  {
    sku: 'NON-LA',
    name: 'Nón lá Huế',
    category: 'Thời trang',
    price: 80_000,
    currency: 'VND',
    stock: 60,
    reorderLevel: 6,
  },
  {
    sku: 'SO-TAY-A5',
    name: 'Sổ tay bìa da A5',
    category: 'Văn phòng phẩm',
    price: 65_000,
    currency: 'VND',
    attributes: { specifications: { pages: 192 } },
    stock: 90,
    reorderLevel: 9,
  },
  {
    sku: 'TAI-NGHE-BT',
    name: 'Tai nghe Bluetooth',
    category: 'Điện tử',
    price: 490_000,
    currency: 'VND',
    attributes: { warrantyMonths: 12 },
    stock: 40,
    reorderLevel: 5,
  },
  {
    // Comes low on stock, so that the list of what to reorder is not empty.
    sku: 'DEN-LONG',
    name: 'Đèn lồng Hội An',
    category: 'Trang trí',
    price: 180_000,
    currency: 'VND',
    stock: 4,
    reorderLevel: 5,
  },
];

export const demoFeatures: readonly NewFeature[] = [
  { code: 'basic_reports', name: 'Báo cáo cơ bản' },
  { code: 'unlimited_projects', name: 'Không giới hạn dự án' },
  { code: 'priority_support', name: 'Hỗ trợ ưu tiên' },
  { code: 'storage_100gb', name: 'Thêm 100 GB lưu trữ' },
  { code: 'ai_assistant', name: 'Trợ lý AI' },
];

export const demoPlans: readonly NewPlan[] = [
  {
    name: 'Gói Cơ bản',
    description: 'Cho cá nhân và nhóm nhỏ.',
    price: 99_000,
    currency: 'VND',
    billingCycle: 'monthly',
    features: ['basic_reports', 'unlimited_projects'],
  },
  {
    name: 'Gói Chuyên nghiệp',
    description: 'Dùng thử 14 ngày.',
    price: 299_000,
    currency: 'VND',
    billingCycle: 'monthly',
    trialEnabled: true,
    trialDays: 14,
    features: ['basic_reports', 'unlimited_projects', 'priority_support'],
  },
  {
    name: 'Gói Chuyên nghiệp năm',
    description: 'Trả một lần cho cả năm, rẻ hơn hai tháng.',
    price: 2_990_000,
    currency: 'VND',
    billingCycle: 'yearly',
    features: ['basic_reports', 'unlimited_projects', 'priority_support'],
  },
  {
    name: 'Gói Miễn phí',
    description: 'Miễn phí mãi mãi; mua thêm tiện ích khi cần.',
    price: 0,
    currency: 'VND',
    billingCycle: 'monthly',
    features: ['basic_reports'],
  },
];

export const demoAddons: readonly NewAddon[] = [
  {
    key: 'storage',
    name: 'Extra Storage',
    description: 'Thêm 100 GB lưu trữ.',
    price: 50_000,
    currency: 'VND',
    billingPeriod: 'monthly',
    features: ['storage_100gb'],
  },
  {
    key: 'ai_assistant',
    name: 'AI Assistant',
    description: 'Trợ lý AI trả lời và soạn thảo.',
    price: 100_000,
    currency: 'VND',
    billingPeriod: 'monthly',
    features: ['ai_assistant'],
  },
];
