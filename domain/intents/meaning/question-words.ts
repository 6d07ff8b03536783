import type { IntentQuestion } from '../intent-types';

type Asked = Pick<IntentQuestion, 'about' | 'vi' | 'en'>;

/** What is asked back, by its code. `about` is the part of the intent that the answer is for. */
export const questions = {
  not_understood: {
    about: 'businessModel',
    vi: 'Tôi chưa hiểu. Bạn muốn bán lẻ, thuê bao, freemium hay kết hợp? Ví dụ: “Chuyển sang subscription 199k/tháng”.',
    en: 'I do not understand. Retail, subscription, freemium or several at once? For example: “Switch to subscription at 199k/month”.',
  },
  is_question: {
    about: 'businessModel',
    vi: 'Đây là một câu hỏi, nên không có gì thay đổi. Bạn muốn đổi gì?',
    en: 'That is a question, so nothing changes. What do you want to change?',
  },
  machine_order: {
    about: 'businessModel',
    vi: 'Tôi chỉ đổi mô hình kinh doanh và những gì được bán, không nhận lệnh cho máy chủ hay dữ liệu. Bạn muốn đổi mô hình nào?',
    en: 'I only change the business model and what is sold; orders to servers or data are not taken. Which model do you want?',
  },
  other_order: {
    about: 'businessModel',
    vi: 'Phần này không thuộc việc đổi mô hình kinh doanh. Bạn nói lại câu mà không có phần này?',
    en: 'This is not part of a change of the business model. Could you say it without this?',
  },
  readings_differ: {
    about: 'businessModel',
    vi: 'Phần này được đọc theo hai cách khác nhau. Bạn viết rõ hơn?',
    en: 'This was read in two different ways. Could you put it in other words?',
  },
  left_out: {
    about: 'plans',
    vi: 'Con số này thuộc về gì?',
    en: 'What does this figure belong to?',
  },
  model_missing: {
    about: 'businessModel',
    vi: 'Bạn muốn chuyển sang mô hình nào: bán lẻ, thuê bao, freemium hay kết hợp?',
    en: 'Which model is it to be: retail, subscription, freemium or several at once?',
  },
  model_unclear: {
    about: 'businessModel',
    vi: 'Câu nói đến những mô hình không đi cùng nhau. Bạn muốn mô hình nào, và có giữ cửa hàng không?',
    en: 'The sentence names what does not go together. Which model is it to be, and does the shop stay?',
  },
  word_unclear: {
    about: 'businessModel',
    vi: 'Không rõ bạn muốn dùng hay dừng mô hình này. Bạn viết rõ hơn?',
    en: 'It is not clear whether this model is to be used or stopped. Could you put it in other words?',
  },
  keep_or_replace: {
    about: 'businessModel',
    vi: 'Bán thêm bên cạnh cửa hàng (kết hợp), hay thay cho cửa hàng?',
    en: 'Is it sold beside the shop (multi), or in place of the shop?',
  },
  nothing_asked: {
    about: 'businessModel',
    vi: 'Vậy không đổi gì. Khi muốn đổi, bạn cho biết mô hình và giá.',
    en: 'Then nothing changes. To change something, name the model and the price.',
  },
  not_sure: {
    about: 'businessModel',
    vi: 'Bạn chưa chắc chắn. Khi đã quyết định, bạn nói rõ muốn đổi gì?',
    en: 'You are not sure yet. Once you are, what is it to be?',
  },
  condition: {
    about: 'businessModel',
    vi: 'Việc chuyển không thể chờ một điều kiện. Chuyển ngay bây giờ chứ?',
    en: 'A switch cannot wait for a condition. Is it to be done now?',
  },
  not_now: {
    about: 'businessModel',
    vi: 'Việc chuyển bắt đầu ngay khi được duyệt, không hẹn ngày được. Chuyển ngay bây giờ chứ?',
    en: 'A switch begins as soon as it is approved and cannot be put off to a day. Is it to be done now?',
  },
  price_change: {
    about: 'plans',
    vi: 'Giá của gói đang bán không đổi theo cách này. Thêm một gói mới với giá mới chứ?',
    en: 'Prices of plans that are sold do not change this way. Is a new plan to be added at the new price?',
  },
  removal: {
    about: 'plans',
    vi: 'Việc chuyển không bỏ gói hay tiện ích đang bán. Bạn muốn ngừng cả mô hình, hay lưu trữ gói trong danh mục?',
    en: 'A switch takes no plan or add-on off sale. Is the whole model to end, or the plan to be archived in the catalogue?',
  },
  product_price: {
    about: 'businessModel',
    vi: 'Giá sản phẩm được đặt trong danh mục, không theo câu này. Chỉ chuyển sang bán lẻ chứ?',
    en: 'Prices of products are set in the catalogue. Is only the model to be retail?',
  },
  term_not_sold: {
    about: 'plans',
    vi: 'Gói không có điều kiện như vậy (giới hạn, số tối thiểu, hợp đồng, ngày thu tiền, phí riêng). Bạn nói lại mà không có phần này?',
    en: 'Plans have no such term (a limit, a minimum, a contract, a day of payment, a fee of its own). Could you say it without this?',
  },
  words_unread: {
    about: 'plans',
    vi: 'Tôi chưa hiểu phần này, nên chưa lên kế hoạch. Bạn nói cách khác, hay bỏ phần này đi?',
    en: 'I do not understand these words, so nothing is planned. Could you put them otherwise, or leave them out?',
  },
  price_missing: {
    about: 'plans',
    vi: 'Giá bao nhiêu?',
    en: 'What is the price?',
  },
  period_missing: {
    about: 'plans',
    vi: 'Giá này cho mỗi tháng hay mỗi năm?',
    en: 'Is that for a month or for a year?',
  },
  period_unclear: {
    about: 'plans',
    vi: 'Câu có nhiều kỳ thanh toán cho một giá. Mỗi tháng hay mỗi năm?',
    en: 'There are several billing periods for one price. A month or a year?',
  },
  interval_not_sold: {
    about: 'plans',
    vi: 'Chỉ bán theo tháng hoặc theo năm (tiện ích: cả một lần). Bạn chọn kỳ nào, với giá bao nhiêu?',
    en: 'Plans are sold by the month or the year (add-ons also once). Which is it to be, and at what price?',
  },
  amount_unclear: {
    about: 'plans',
    vi: 'Số tiền này có thể hiểu theo nhiều cách. Bạn viết đầy đủ, ví dụ 199.000đ hoặc $9.99?',
    en: 'That amount can be read in several ways. Could you write it in full, as 199,000 VND or $9.99?',
  },
  amount_impossible: {
    about: 'plans',
    vi: 'Không có số tiền như vậy. Giá đúng là bao nhiêu?',
    en: 'There is no such amount. What is the right price?',
  },
  percent_unclear: {
    about: 'taxRate',
    vi: 'Phần trăm này là thuế hay giảm giá?',
    en: 'Is this percentage a tax or a discount?',
  },
  tax_impossible: {
    about: 'taxRate',
    vi: 'Thuế suất từ 0 đến 100 %. Mức đúng là bao nhiêu?',
    en: 'Tax rates are 0 to 100 %. What is the right one?',
  },
  tax_unclear: {
    about: 'taxRate',
    vi: 'Thuế bao nhiêu phần trăm?',
    en: 'How many per cent of tax?',
  },
  tax_included: {
    about: 'taxRate',
    vi: 'Giá đã gồm thuế hay chưa là cài đặt của công ty (taxBehavior), không đổi theo câu này. Bạn nói lại mà không có phần này?',
    en: 'Whether prices include tax is a setting of the company (taxBehavior). Could you say it without this?',
  },
  trial_length: {
    about: 'plans',
    vi: 'Dùng thử bao nhiêu ngày?',
    en: 'How many days is the trial?',
  },
  trial_impossible: {
    about: 'plans',
    vi: 'Thời gian dùng thử tối đa là 730 ngày. Bạn muốn bao nhiêu ngày?',
    en: 'A trial has 730 days at most. How many is it to be?',
  },
  trial_without_plan: {
    about: 'plans',
    vi: 'Dùng thử của gói nào, giá bao nhiêu?',
    en: 'Which plan is the trial for, and at what price?',
  },
  discount_unclear: {
    about: 'promotions',
    vi: 'Giảm bao nhiêu, và trong bao lâu?',
    en: 'How much is taken off, and for how long?',
  },
  unit_not_sold: {
    about: 'plans',
    vi: 'Giá chỉ tính chung hoặc theo người dùng. Bạn chọn cách nào, với giá bao nhiêu?',
    en: 'Prices are for all or for each user. Which is it to be, and at what price?',
  },
  plan_or_addon: {
    about: 'plans',
    vi: 'Đây là một gói bán riêng, hay tiện ích thêm vào các gói?',
    en: 'Is this a plan of its own, or an add-on to the plans?',
  },
  said_twice: {
    about: 'plans',
    vi: 'Gói hay tiện ích này được nói hai lần. Là một, hay là hai với tên khác nhau?',
    en: 'This plan or add-on is spoken of twice. Is it one, or two with names of their own?',
  },
  addon_name: {
    about: 'addons',
    vi: 'Tiện ích này tên là gì?',
    en: 'What is this add-on called?',
  },
  addon_per_seat: {
    about: 'addons',
    vi: 'Tiện ích không có giá theo người dùng. Giá chung là bao nhiêu?',
    en: 'Add-ons have no price for each seat. What is the price?',
  },
} as const satisfies Record<string, Asked>;

export type QuestionCode = keyof typeof questions;
