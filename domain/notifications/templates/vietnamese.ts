import type { NoticeWords } from './notice-text';

const plan = '{{planName}}{{#if isForSeveral}} ({{quantity}} người dùng){{/if}}';
const price = '{{#if isFree}}miễn phí{{else}}{{amount}} mỗi kỳ thanh toán, chưa gồm thuế{{/if}}';
const invoice = 'hóa đơn {{invoiceNumber}}';

export const vietnamese: NoticeWords = {
  greeting: 'Xin chào {{customerName}},',
  kinds: {
    trial_ending: {
      subject: 'Thời gian dùng thử {{planName}} kết thúc ngày {{trialEnd}}',
      paragraphs: [
        `Thời gian dùng thử ${plan} kết thúc ngày {{trialEnd}}. Từ ngày đó đăng ký của bạn được tiếp tục: ${price}.`,
        'Nếu không muốn tiếp tục, vui lòng hủy trước ngày này.',
      ],
    },
    trial_ended: {
      subject: 'Thời gian dùng thử {{planName}} đã kết thúc',
      paragraphs: [
        `Thời gian dùng thử ${plan} đã kết thúc ngày {{trialEnd}}. Đăng ký của bạn được tiếp tục: ${price}.`,
      ],
    },
    renewal_upcoming: {
      subject: '{{planName}} sẽ được gia hạn ngày {{periodEnd}}',
      paragraphs: [
        `Đăng ký ${plan} của bạn sẽ được gia hạn ngày {{periodEnd}}, cho thời gian đến ngày {{nextPeriodEnd}}.`,
        `{{#if invoiceDue}}Chúng tôi đã phát hành ${invoice} với số tiền {{invoiceDue}}, hạn thanh toán ngày {{dueDate}}. Nếu bạn đã lưu phương thức thanh toán, khoản tiền sẽ được thu ngày {{periodEnd}}.{{/if}}`,
      ],
    },
    subscription_renewed: {
      subject: '{{planName}} đã được gia hạn',
      paragraphs: [`Đăng ký ${plan} của bạn đã được gia hạn đến ngày {{periodEnd}}: ${price}.`],
    },
    payment_received: {
      subject: 'Chúng tôi đã nhận được thanh toán cho {{planName}}',
      paragraphs: [
        `{{#if invoiceTotal}}Đã thanh toán ${invoice} với số tiền {{invoiceTotal}}.{{/if}}`,
        'Xin cảm ơn bạn.',
      ],
    },
    payment_failed: {
      subject: 'Thanh toán cho {{planName}} không thành công',
      paragraphs: [
        `Chúng tôi không thu được {{#if invoiceDue}}{{invoiceDue}} cho ${invoice}{{else}}tiền từ phương thức thanh toán đã lưu{{/if}} (${plan}).`,
        '{{#if nextAttemptAt}}Chúng tôi sẽ thử lại ngày {{nextAttemptAt}}. Vui lòng kiểm tra phương thức thanh toán hoặc chọn phương thức khác.{{else}}Vui lòng chọn phương thức thanh toán khác.{{/if}}',
      ],
    },
    payment_retry: {
      subject: 'Khoản thanh toán cho {{planName}} vẫn chưa hoàn tất',
      paragraphs: [
        `{{#if invoiceDue}}Số tiền {{invoiceDue}} của ${invoice} (${plan}) vẫn chưa được thanh toán.{{else}}Hóa đơn cho ${plan} vẫn chưa được thanh toán.{{/if}}`,
        '{{#if nextAttemptAt}}Vui lòng thanh toán trước ngày {{nextAttemptAt}}.{{else}}Vui lòng thanh toán ngay, nếu không đăng ký của bạn có thể kết thúc.{{/if}}',
      ],
    },
    invoice_overdue: {
      subject: 'Hóa đơn cho {{planName}} đã quá hạn',
      paragraphs: [
        `{{#if invoiceDue}}Số tiền {{invoiceDue}} của ${invoice} đến hạn ngày {{dueDate}} và vẫn chưa được thanh toán.{{else}}Hóa đơn cho ${plan} vẫn chưa được thanh toán.{{/if}}`,
        'Vui lòng thanh toán sớm.',
      ],
    },
    payment_request: {
      subject: 'Đề nghị thanh toán {{amount}} đã quá hạn',
      paragraphs: [
        'Tổng số tiền quá hạn của bạn là {{amount}}. Vui lòng thanh toán các hóa đơn sau:',
        '{{#if invoiceLines}}{{invoiceLines}}{{/if}}',
      ],
    },
    subscription_past_due: {
      subject: 'Đăng ký {{planName}} của bạn đã quá hạn thanh toán',
      paragraphs: [`Một hóa đơn của ${plan} chưa được thanh toán. Vui lòng thanh toán để tiếp tục sử dụng.`],
    },
    subscription_expired: {
      subject: 'Đăng ký {{planName}} của bạn đã kết thúc',
      paragraphs: [`Đăng ký ${plan} của bạn đã kết thúc. Bạn có thể đăng ký lại bất cứ lúc nào.`],
    },
    subscription_cancelled: {
      subject: 'Đăng ký {{planName}} của bạn đã được hủy',
      paragraphs: [
        `Đăng ký ${plan} của bạn đã được hủy. {{#if effectiveAt}}Bạn vẫn dùng được đến ngày {{effectiveAt}} và có thể đổi ý trước ngày đó.{{else}}Bạn có thể đăng ký lại bất cứ lúc nào.{{/if}}`,
      ],
    },
    subscription_paused: {
      subject: 'Đăng ký {{planName}} của bạn đã tạm dừng',
      paragraphs: [`Đăng ký ${plan} của bạn đã tạm dừng. Bạn không phải trả tiền cho đến khi tiếp tục.`],
    },
    subscription_resumed: {
      subject: 'Đăng ký {{planName}} của bạn được tiếp tục',
      paragraphs: [`Đăng ký ${plan} của bạn được tiếp tục: ${price}.`],
    },
    plan_changed: {
      subject: 'Gói của bạn hiện là {{planName}}',
      paragraphs: [`Bạn hiện đang dùng ${plan}: ${price}.`],
    },
  },
  pay: 'Thanh toán ngay',
  closing: 'Trân trọng,\n{{companyName}}',
  footer: 'Bạn nhận được thư này vì bạn là khách hàng của {{companyName}}.',
};
