import type { NoticeWords } from './notice-text';

const plan = '{{planName}}{{#if isForSeveral}} (số lượng: {{quantity}}){{/if}}';
const price =
  '{{#if isFree}}{{#if isMetered}}tính theo mức sử dụng{{else}}miễn phí{{/if}}{{else}}{{amount}}{{#if cycle}} {{cycle}}{{/if}}{{#if isTaxed}} (đã gồm thuế){{/if}}{{#if isMetered}}, cộng với phần đã sử dụng{{/if}}{{/if}}';
/** What follows a trial: with what is paid once. */
const followed = `${price}{{#if setupFee}}, cộng với phí thiết lập một lần {{setupFee}}{{/if}}`;
/** Until an end: the last day of what ends with one, else its time. */
const through = (what: 'trial' | 'effective') =>
  `đến {{#if ${what}Time}}{{${what}Time}}{{else}}hết ngày {{${what}Last}}{{/if}}`;
const due = '{{#if dueTime}}trước {{dueTime}}{{else}}đến hết ngày {{dueLast}}{{/if}}';
const invoice = 'hóa đơn {{invoiceNumber}}';
const orderTotals =
  'Tạm tính: {{subtotal}}{{#if discount}}\nGiảm giá: -{{discount}}{{/if}}{{#if tax}}\nThuế: {{tax}}{{/if}}\nTổng cộng: {{total}}';

export const vietnamese: NoticeWords = {
  greeting: 'Xin chào {{customerName}},',
  kinds: {
    trial_started: {
      subject: 'Bạn đã bắt đầu dùng thử {{planName}}',
      paragraphs: [
        `Bạn được dùng thử ${plan} miễn phí ${through('trial')}.`,
        `Sau đó gói được tiếp tục với giá: ${followed}. Nếu không muốn tiếp tục, vui lòng hủy trước khi thời gian dùng thử kết thúc.`,
      ],
    },
    trial_ending: {
      subject: 'Thời gian dùng thử {{planName}} kết thúc vào ngày {{trialLast}}',
      paragraphs: [
        `Thời gian dùng thử ${plan} của bạn kéo dài ${through('trial')}. Sau đó gói được tiếp tục với giá: ${followed}.`,
        'Nếu không muốn tiếp tục, vui lòng hủy trước khi thời gian dùng thử kết thúc.',
      ],
    },
    trial_ended: {
      subject: 'Thời gian dùng thử {{planName}} đã kết thúc',
      paragraphs: [
        `Thời gian dùng thử ${plan} của bạn đã kết thúc vào ngày {{trialLast}}. Gói được tiếp tục với giá: ${followed}.`,
      ],
    },
    invoice_issued: {
      subject: 'Hóa đơn {{invoiceNumber}} cho {{planName}}',
      paragraphs: [
        `Cảm ơn bạn đã đăng ký gói ${plan}: ${price}.`,
        `{{#if invoiceDue}}Vui lòng thanh toán {{invoiceDue}} cho ${invoice}{{#if payBy}} trước {{payBy}}{{else}} ${due}{{/if}}.{{/if}}`,
      ],
    },
    usage_invoiced: {
      subject: 'Hóa đơn {{invoiceNumber}} cho mức sử dụng {{planName}}',
      paragraphs: [
        `Mức sử dụng gói ${plan} của bạn kể từ hóa đơn gần nhất đã đạt số tiền mà chúng tôi phát hành hóa đơn trước khi kết thúc kỳ.`,
        `{{#if invoiceDue}}Vui lòng thanh toán {{invoiceDue}} cho ${invoice} ${due}.{{/if}} Phần này sẽ không bị tính lại.`,
      ],
    },
    renewal_upcoming: {
      subject: '{{planName}} sẽ được gia hạn vào ngày {{periodEnd}}',
      paragraphs: [
        `Gói ${plan} của bạn sẽ được gia hạn vào ngày {{periodEnd}}, kỳ mới kéo dài đến hết ngày {{nextPeriodLast}}.`,
        `{{#if invoiceDue}}Chúng tôi đã phát hành ${invoice}, số tiền {{invoiceDue}}. {{#if isCharged}}Khoản tiền sẽ được thu từ phương thức thanh toán đã lưu vào ngày {{periodEnd}}.{{else}}Hạn thanh toán: {{#if dueTime}}{{dueTime}}{{else}}hết ngày {{dueLast}}{{/if}}.{{/if}}{{/if}}`,
      ],
    },
    subscription_renewed: {
      subject: '{{planName}} đã được gia hạn',
      paragraphs: [`Gói ${plan} của bạn đã được gia hạn đến hết ngày {{periodLast}}: ${price}.`],
    },
    payment_received: {
      subject: 'Chúng tôi đã nhận được thanh toán cho {{planName}}',
      paragraphs: [
        `{{#if invoiceTotal}}Bạn đã thanh toán ${invoice}, số tiền {{invoiceTotal}}.{{/if}}`,
        'Xin cảm ơn bạn.',
      ],
    },
    payment_failed: {
      subject: 'Thanh toán cho {{planName}} không thành công',
      paragraphs: [
        `Chúng tôi không thu được {{#if invoiceDue}}{{invoiceDue}} cho ${invoice}{{else}}tiền từ phương thức thanh toán đã lưu{{/if}} (${plan}).`,
        '{{#if nextAttemptAt}}Chúng tôi sẽ thử lại vào ngày {{nextAttemptAt}}. Vui lòng kiểm tra phương thức thanh toán hoặc chọn phương thức khác.{{else}}Vui lòng chọn phương thức thanh toán khác.{{/if}}',
      ],
    },
    payment_retry: {
      subject: 'Khoản thanh toán cho {{planName}} vẫn chưa hoàn tất',
      paragraphs: [
        `{{#if invoiceDue}}Số tiền {{invoiceDue}} của ${invoice} (${plan}) vẫn chưa được thanh toán.{{else}}Hóa đơn cho ${plan} vẫn chưa được thanh toán.{{/if}}`,
        '{{#if nextAttemptAt}}Vui lòng thanh toán trước ngày {{nextAttemptAt}}.{{else}}Vui lòng thanh toán ngay, nếu không gói của bạn có thể kết thúc.{{/if}}',
      ],
    },
    invoice_overdue: {
      subject: 'Hóa đơn cho {{planName}} đã quá hạn',
      paragraphs: [
        `{{#if invoiceDue}}Số tiền {{invoiceDue}} của ${invoice} có hạn thanh toán ${due} và vẫn chưa được thanh toán.{{else}}Hóa đơn cho ${plan} vẫn chưa được thanh toán.{{/if}}`,
        'Vui lòng thanh toán sớm.',
      ],
    },
    payment_request: {
      subject: 'Tài khoản của bạn có {{amount}} đã quá hạn thanh toán',
      paragraphs: [
        'Tài khoản của bạn có {{amount}} đã quá hạn thanh toán. Vui lòng thanh toán các hóa đơn sau:',
        '{{#if invoiceLines}}{{invoiceLines}}{{/if}}',
      ],
    },
    subscription_past_due: {
      subject: 'Gói {{planName}} của bạn đã quá hạn thanh toán',
      paragraphs: [`Một hóa đơn của gói ${plan} chưa được thanh toán. Vui lòng thanh toán để gói được tiếp tục.`],
    },
    subscription_expired: {
      subject: 'Gói {{planName}} của bạn đã kết thúc',
      paragraphs: [`Gói ${plan} của bạn đã kết thúc. Bạn có thể đăng ký lại bất cứ lúc nào.`],
    },
    subscription_cancelled: {
      subject:
        'Gói {{planName}} của bạn {{#if effectiveLast}}sẽ kết thúc vào ngày {{effectiveLast}}{{else}}đã được hủy{{/if}}',
      paragraphs: [
        `Gói ${plan} của bạn {{#if effectiveLast}}sẽ kết thúc vào ngày {{effectiveLast}}. Bạn vẫn dùng được {{#if effectiveTime}}đến {{effectiveTime}}{{else}}đến hết ngày này{{/if}} và có thể đổi ý trước đó.{{else}}đã được hủy. Bạn có thể đăng ký lại bất cứ lúc nào.{{/if}}`,
      ],
    },
    subscription_reactivated: {
      subject: 'Gói {{planName}} của bạn được tiếp tục',
      paragraphs: [
        `Gói ${plan} của bạn không kết thúc nữa và được tiếp tục{{#if periodEnd}}, lần gia hạn tới vào ngày {{periodEnd}}{{/if}}: ${price}.`,
      ],
    },
    subscription_paused: {
      subject: 'Gói {{planName}} của bạn đã tạm dừng',
      paragraphs: [`Gói ${plan} của bạn đã tạm dừng. Bạn không phải trả tiền cho đến khi tiếp tục.`],
    },
    subscription_resumed: {
      subject: 'Gói {{planName}} của bạn được tiếp tục',
      paragraphs: [`Gói ${plan} của bạn được tiếp tục: ${price}.`],
    },
    collection_paused: {
      subject: 'Tạm dừng thu tiền gói {{planName}}',
      paragraphs: [
        `Gói ${plan} của bạn vẫn hoạt động, và bạn chưa phải thanh toán {{#if resumesAt}}cho đến ngày {{resumesAt}}{{else}}cho đến khi chúng tôi báo lại{{/if}}.`,
        '{{#if isOwedLater}}Những khoản phát sinh trong thời gian này được thanh toán sau đó.{{/if}}',
      ],
    },
    collection_resumed: {
      subject: 'Tiếp tục thu tiền gói {{planName}}',
      paragraphs: [
        `Việc thanh toán gói ${plan} của bạn được tiếp tục: ${price}.`,
        '{{#if isOwedLater}}Những khoản phát sinh trong thời gian tạm dừng nay cần được thanh toán.{{/if}}',
      ],
    },
    invoice_after_pause: {
      subject: 'Hóa đơn {{invoiceNumber}} cho {{planName}}',
      paragraphs: [
        `Hóa đơn này là cho gói ${plan}, trong thời gian tạm dừng thu tiền.`,
        `{{#if invoiceDue}}Vui lòng thanh toán {{invoiceDue}} cho ${invoice} ${due}.{{/if}}`,
      ],
    },
    change_scheduled: {
      subject: 'Gói của bạn sẽ đổi sang {{planName}}{{#if effectiveAt}} vào ngày {{effectiveAt}}{{/if}}',
      paragraphs: [
        `{{#if effectiveLast}}Gói hiện tại của bạn được giữ ${through('effective')}. {{/if}}Sau đó bạn dùng gói ${plan}: ${price}.`,
        'Bạn có thể rút lại thay đổi này trước đó.',
      ],
    },
    plan_changed: {
      subject: 'Gói của bạn hiện là {{planName}}',
      paragraphs: [`Bạn hiện đang dùng gói ${plan}: ${price}.`],
    },
    price_change_announced: {
      subject: 'Giá gói {{planName}} sẽ thay đổi{{#if effectiveAt}} vào ngày {{effectiveAt}}{{/if}}',
      paragraphs: [
        `Bạn tiếp tục dùng gói ${plan}. {{#if effectiveLast}}Giá hiện tại được giữ ${through('effective')}. {{/if}}Từ lần thanh toán đầu tiên sau đó, giá là ${price}.`,
        'Nếu có thắc mắc, hãy trả lời thư này. Bạn có thể hủy trước đó.',
      ],
    },
    price_changed: {
      subject: 'Giá gói {{planName}} đã thay đổi',
      paragraphs: [`Bạn đang dùng gói ${plan} với giá mới: ${price}.`],
    },
    order_confirmed: {
      subject: 'Đơn hàng {{orderNumber}} đã được xác nhận',
      paragraphs: [
        'Cảm ơn bạn đã đặt hàng. Đơn hàng {{orderNumber}} {{#if isCashOnDelivery}}đã được xác nhận và được thanh toán khi nhận hàng.{{else}}đã được thanh toán và xác nhận.{{/if}}',
        '{{orderLines}}',
        orderTotals,
        '{{#if shippingAddress}}Giao đến: {{shippingAddress}}{{/if}}',
      ],
    },
    order_payment_failed: {
      subject: 'Thanh toán cho đơn hàng {{orderNumber}} không thành công',
      paragraphs: [
        'Bạn chưa bị trừ tiền cho đơn hàng {{orderNumber}} ({{total}}). {{#if payBy}}Đơn hàng được giữ cho bạn đến {{payBy}}; bạn{{else}}Bạn{{/if}} có thể thanh toán lại.',
      ],
    },
    order_shipped: {
      subject: 'Đơn hàng {{orderNumber}} đang được giao',
      paragraphs: [
        'Đơn hàng {{orderNumber}} đã được giao cho {{#if carrier}}{{carrier}}{{else}}đơn vị vận chuyển{{/if}}.{{#if trackingNumber}}\nMã vận đơn: {{trackingNumber}}{{/if}}',
        '{{orderLines}}',
        '{{#if isCashOnDelivery}}Số tiền cần thanh toán khi nhận hàng: {{total}}{{/if}}',
      ],
    },
    order_cancelled: {
      subject: 'Đơn hàng {{orderNumber}} đã được hủy',
      paragraphs: [
        'Đơn hàng {{orderNumber}} ({{total}}) đã được hủy{{#if isExpired}} vì chưa được thanh toán trong thời gian chờ{{/if}}.',
        '{{#if refundAmount}}Chúng tôi sẽ hoàn lại {{refundAmount}} bạn đã thanh toán.{{else}}Bạn không phải trả tiền cho đơn hàng này.{{/if}}',
      ],
    },
    refund_sent: {
      subject: 'Chúng tôi đã hoàn lại {{refundAmount}} cho bạn',
      paragraphs: [
        'Chúng tôi đã hoàn lại {{refundAmount}}{{#if orderNumber}} cho đơn hàng {{orderNumber}}{{else}}{{#if invoiceNumber}} cho hóa đơn {{invoiceNumber}}{{/if}}{{/if}}, qua cách bạn đã thanh toán.',
        'Tùy ngân hàng, tiền có thể về tài khoản sau vài ngày.',
      ],
    },
    credit_note: {
      subject: 'Phiếu ghi có {{creditNoteNumber}}: {{creditAmount}}',
      paragraphs: [
        'Chúng tôi đã lập phiếu ghi có {{creditNoteNumber}}, số tiền {{creditAmount}}, cho hóa đơn {{invoiceNumber}}.',
        '{{#if toBalance}}{{toBalance}} được cộng vào số dư của bạn và trừ vào các hóa đơn sau.{{/if}}{{#if invoiceDue}} Hóa đơn còn phải thanh toán {{invoiceDue}}.{{/if}}',
      ],
    },
    welcome: {
      subject: 'Chào mừng bạn đến với {{companyName}}',
      paragraphs: [
        'Tài khoản của bạn đã sẵn sàng. Bạn đăng nhập bằng địa chỉ {{email}}.',
        '{{#if hasLink}}Vui lòng xác nhận rằng địa chỉ này là của bạn.{{/if}}',
      ],
      button: 'Xác nhận địa chỉ email',
    },
    email_confirmation: {
      subject: 'Xác nhận địa chỉ email của bạn',
      paragraphs: [
        '{{#if hasLink}}Vui lòng xác nhận rằng {{email}} là địa chỉ của bạn.{{else}}Địa chỉ {{email}} đã được xác nhận.{{/if}}',
        'Nếu bạn không có tài khoản tại {{companyName}}, hãy bỏ qua thư này.',
      ],
      button: 'Xác nhận địa chỉ email',
    },
    password_reset: {
      subject: 'Đặt lại mật khẩu',
      paragraphs: [
        'Có yêu cầu đặt lại mật khẩu cho tài khoản {{email}}. Liên kết dưới đây dùng được một lần, trong vòng một giờ.',
        'Nếu bạn không yêu cầu, hãy bỏ qua thư này: mật khẩu của bạn không thay đổi.',
      ],
      button: 'Chọn mật khẩu mới',
    },
    password_changed: {
      subject: 'Mật khẩu của bạn đã được thay đổi',
      paragraphs: [
        'Mật khẩu của tài khoản {{email}} vừa được thay đổi, và mọi phiên đăng nhập khác đã kết thúc.',
        'Nếu không phải bạn thay đổi, hãy đặt lại mật khẩu ngay và liên hệ với chúng tôi.',
      ],
    },
  },
  pay: 'Thanh toán ngay',
  closing: 'Trân trọng,\n{{companyName}}',
  footer: 'Bạn nhận được thư này vì bạn là khách hàng của {{companyName}}.',
  accountFooter: 'Bạn nhận được thư này vì bạn có tài khoản tại {{companyName}}.',
};
