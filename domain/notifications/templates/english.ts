import type { NoticeWords } from './notice-text';

const plan = '{{planName}}{{#if isForSeveral}} (quantity: {{quantity}}){{/if}}';
const price =
  '{{#if isFree}}{{#if isMetered}}paid by what you use{{else}}free of charge{{/if}}{{else}}{{amount}}{{#if cycle}} {{cycle}}{{/if}}{{#if isTaxed}} (tax included){{/if}}{{#if isMetered}}, and what you use{{/if}}{{/if}}';
/** What follows a trial: with what is paid once. */
const followed = `${price}{{#if setupFee}}, and a setup fee of {{setupFee}} once{{/if}}`;
/** Until an end: the last day of what ends with one, else its time. */
const through = (what: 'trial' | 'effective') =>
  `{{#if ${what}Time}}until {{${what}Time}}{{else}}through {{${what}Last}}{{/if}}`;
const due = '{{#if dueTime}}by {{dueTime}}{{else}}by the end of {{dueLast}}{{/if}}';
const invoice = 'invoice {{invoiceNumber}}';
const orderTotals =
  'Subtotal: {{subtotal}}{{#if discount}}\nDiscount: -{{discount}}{{/if}}{{#if tax}}\nTax: {{tax}}{{/if}}\nTotal: {{total}}';

export const english: NoticeWords = {
  greeting: 'Hello {{customerName}},',
  kinds: {
    trial_started: {
      subject: 'Your trial of {{planName}} has started',
      paragraphs: [
        `You can try ${plan} free of charge ${through('trial')}.`,
        `After that your subscription continues: ${followed}. If you do not want that, cancel before the trial ends.`,
      ],
    },
    trial_ending: {
      subject: 'Your trial of {{planName}} ends on {{trialLast}}',
      paragraphs: [
        `Your trial of ${plan} runs ${through('trial')}. After that your subscription continues: ${followed}.`,
        'If you do not want that, cancel before the trial ends.',
      ],
    },
    trial_ended: {
      subject: 'Your trial of {{planName}} has ended',
      paragraphs: [`Your trial of ${plan} ended on {{trialLast}}. Your subscription continues: ${followed}.`],
    },
    invoice_issued: {
      subject: 'Invoice {{invoiceNumber}} for {{planName}}',
      paragraphs: [
        `Thank you for subscribing to ${plan}: ${price}.`,
        `{{#if invoiceDue}}Please pay {{invoiceDue}} for ${invoice} {{#if payBy}}before {{payBy}}{{else}}${due}{{/if}}.{{/if}}`,
      ],
    },
    usage_invoiced: {
      subject: 'Invoice {{invoiceNumber}} for your usage of {{planName}}',
      paragraphs: [
        `What you have used of ${plan} since your last invoice has reached the amount at which we invoice it before the period ends.`,
        `{{#if invoiceDue}}Please pay {{invoiceDue}} for ${invoice} ${due}.{{/if}} It will not be billed again.`,
      ],
    },
    renewal_upcoming: {
      subject: '{{planName}} renews on {{periodEnd}}',
      paragraphs: [
        `Your subscription to ${plan} renews on {{periodEnd}} and then continues through {{nextPeriodLast}}.`,
        `{{#if invoiceDue}}We have issued ${invoice} for {{invoiceDue}}. {{#if isCharged}}Your saved payment method will be charged on {{periodEnd}}.{{else}}Please pay it ${due}.{{/if}}{{/if}}`,
      ],
    },
    subscription_renewed: {
      subject: '{{planName}} has been renewed',
      paragraphs: [`Your subscription to ${plan} has been renewed and continues through {{periodLast}}: ${price}.`],
    },
    payment_received: {
      subject: 'We have received your payment for {{planName}}',
      paragraphs: [`{{#if invoiceTotal}}Your ${invoice} for {{invoiceTotal}} is paid.{{/if}}`, 'Thank you.'],
    },
    payment_failed: {
      subject: 'Your payment for {{planName}} failed',
      paragraphs: [
        `We could not charge {{#if invoiceDue}}{{invoiceDue}} for ${invoice}{{else}}your saved payment method{{/if}} (${plan}).`,
        '{{#if nextAttemptAt}}We will try again on {{nextAttemptAt}}. Please check your payment method or choose another one.{{else}}Please choose another payment method.{{/if}}',
      ],
    },
    payment_retry: {
      subject: 'Payment for {{planName}} is still due',
      paragraphs: [
        `{{#if invoiceDue}}{{invoiceDue}} for your ${invoice} (${plan}) has not been paid yet.{{else}}Your invoice for ${plan} has not been paid yet.{{/if}}`,
        '{{#if nextAttemptAt}}Please pay it before {{nextAttemptAt}}.{{else}}Please pay it now; otherwise your subscription may end.{{/if}}',
      ],
    },
    invoice_overdue: {
      subject: 'Your invoice for {{planName}} is overdue',
      paragraphs: [
        `{{#if invoiceDue}}Your ${invoice} for {{invoiceDue}} was due ${due} and has not been paid yet.{{else}}Your invoice for ${plan} has not been paid yet.{{/if}}`,
        'Please pay it soon.',
      ],
    },
    payment_request: {
      subject: 'Your account has {{amount}} overdue',
      paragraphs: [
        'Your account has {{amount}} overdue. Please pay these invoices:',
        '{{#if invoiceLines}}{{invoiceLines}}{{/if}}',
      ],
    },
    subscription_past_due: {
      subject: 'Your subscription to {{planName}} is past due',
      paragraphs: [
        `An invoice for your subscription to ${plan} has not been paid. Please pay it so that your subscription can continue.`,
      ],
    },
    subscription_expired: {
      subject: 'Your subscription to {{planName}} has ended',
      paragraphs: [`Your subscription to ${plan} has ended. You can subscribe again at any time.`],
    },
    subscription_cancelled: {
      subject:
        'Your subscription to {{planName}} {{#if effectiveLast}}ends on {{effectiveLast}}{{else}}is cancelled{{/if}}',
      paragraphs: [
        `Your subscription to ${plan} {{#if effectiveLast}}ends on {{effectiveLast}}. You can use it {{#if effectiveTime}}until {{effectiveTime}}{{else}}through that day{{/if}}, and change your mind until then.{{else}}is cancelled. You can subscribe again at any time.{{/if}}`,
      ],
    },
    subscription_reactivated: {
      subject: 'Your subscription to {{planName}} continues',
      paragraphs: [
        `Your subscription to ${plan} no longer ends; it continues{{#if periodEnd}} and renews on {{periodEnd}}{{/if}}: ${price}.`,
      ],
    },
    subscription_paused: {
      subject: 'Your subscription to {{planName}} is paused',
      paragraphs: [`Your subscription to ${plan} is paused. Nothing is billed until you resume it.`],
    },
    subscription_resumed: {
      subject: 'Your subscription to {{planName}} continues',
      paragraphs: [`Your subscription to ${plan} continues: ${price}.`],
    },
    collection_paused: {
      subject: 'Payments for {{planName}} are paused',
      paragraphs: [
        `Your subscription to ${plan} goes on, and we do not ask you to pay for it {{#if resumesAt}}until {{resumesAt}}{{else}}until we write to you again{{/if}}.`,
        '{{#if isOwedLater}}What is billed meanwhile is to be paid after that.{{/if}}',
      ],
    },
    collection_resumed: {
      subject: 'Payments for {{planName}} continue',
      paragraphs: [
        `Payments for your subscription to ${plan} continue: ${price}.`,
        '{{#if isOwedLater}}What was billed while they were paused is to be paid now.{{/if}}',
      ],
    },
    invoice_after_pause: {
      subject: 'Invoice {{invoiceNumber}} for {{planName}}',
      paragraphs: [
        `This invoice is for ${plan}, from the time in which payments were paused.`,
        `{{#if invoiceDue}}Please pay {{invoiceDue}} for ${invoice} ${due}.{{/if}}`,
      ],
    },
    change_scheduled: {
      subject: 'Your plan changes to {{planName}}{{#if effectiveAt}} on {{effectiveAt}}{{/if}}',
      paragraphs: [
        `{{#if effectiveLast}}You keep your current plan ${through('effective')}. {{/if}}After that your subscription is to ${plan}: ${price}.`,
        'You can take this change back until then.',
      ],
    },
    plan_changed: {
      subject: 'Your plan is now {{planName}}',
      paragraphs: [`Your subscription is now to ${plan}: ${price}.`],
    },
    price_change_announced: {
      subject: 'The price of {{planName}} changes{{#if effectiveAt}} on {{effectiveAt}}{{/if}}',
      paragraphs: [
        `Your subscription to ${plan} goes on. {{#if effectiveLast}}You pay the current price ${through('effective')}. {{/if}}From your first payment after that it is ${price}.`,
        'If you have questions, answer this mail. You can cancel before then.',
      ],
    },
    price_changed: {
      subject: 'The price of {{planName}} has changed',
      paragraphs: [`Your subscription to ${plan} is now ${price}.`],
    },
    order_confirmed: {
      subject: 'Your order {{orderNumber}} is confirmed',
      paragraphs: [
        'Thank you for your order. Order {{orderNumber}} {{#if isCashOnDelivery}}is confirmed, and paid on delivery.{{else}}is paid and confirmed.{{/if}}',
        '{{orderLines}}',
        orderTotals,
        '{{#if shippingAddress}}Deliver to: {{shippingAddress}}{{/if}}',
      ],
    },
    order_payment_failed: {
      subject: 'Your payment for order {{orderNumber}} failed',
      paragraphs: [
        'You were not charged for order {{orderNumber}} ({{total}}). {{#if payBy}}We are holding it for you until {{payBy}}; you{{else}}You{{/if}} can pay again.',
      ],
    },
    order_shipped: {
      subject: 'Your order {{orderNumber}} is on its way',
      paragraphs: [
        'Order {{orderNumber}} was handed to {{#if carrier}}{{carrier}}{{else}}the carrier{{/if}}.{{#if trackingNumber}}\nTracking number: {{trackingNumber}}{{/if}}',
        '{{orderLines}}',
        '{{#if isCashOnDelivery}}To pay on delivery: {{total}}{{/if}}',
      ],
    },
    order_cancelled: {
      subject: 'Your order {{orderNumber}} is cancelled',
      paragraphs: [
        'Order {{orderNumber}} ({{total}}) is cancelled{{#if isExpired}} because it was not paid in time{{/if}}.',
        '{{#if refundAmount}}We are refunding the {{refundAmount}} that you paid.{{else}}You do not have to pay for it.{{/if}}',
      ],
    },
    refund_sent: {
      subject: 'We have refunded {{refundAmount}}',
      paragraphs: [
        'We have refunded {{refundAmount}}{{#if orderNumber}} for order {{orderNumber}}{{else}}{{#if invoiceNumber}} for invoice {{invoiceNumber}}{{/if}}{{/if}}, to the payment method that you used.',
        'Depending on your bank, it may take a few days to arrive.',
      ],
    },
    credit_note: {
      subject: 'Credit note {{creditNoteNumber}} for {{creditAmount}}',
      paragraphs: [
        'We have issued credit note {{creditNoteNumber}} for {{creditAmount}} against invoice {{invoiceNumber}}.',
        '{{#if toBalance}}{{toBalance}} was added to your account credit, which pays for your next invoices.{{/if}}{{#if invoiceDue}} {{invoiceDue}} of the invoice is still to be paid.{{/if}}',
      ],
    },
    welcome: {
      subject: 'Welcome to {{companyName}}',
      paragraphs: [
        'Your account is ready. Sign in with {{email}}.',
        '{{#if hasLink}}Please confirm that this address is yours.{{/if}}',
      ],
      button: 'Confirm your email address',
    },
    email_confirmation: {
      subject: 'Confirm your email address',
      paragraphs: [
        '{{#if hasLink}}Please confirm that {{email}} is your address.{{else}}The address {{email}} is confirmed.{{/if}}',
        'If you have no account with {{companyName}}, ignore this email.',
      ],
      button: 'Confirm your email address',
    },
    password_reset: {
      subject: 'Reset your password',
      paragraphs: [
        'Somebody asked to reset the password of the account {{email}}. The link below works once, within an hour.',
        'If it was not you, ignore this email: your password stays as it is.',
      ],
      button: 'Choose a new password',
    },
    password_changed: {
      subject: 'Your password was changed',
      paragraphs: [
        'The password of the account {{email}} was just changed, and all other sessions were ended.',
        'If it was not you, reset your password now and contact us.',
      ],
    },
  },
  pay: 'Pay now',
  closing: 'Kind regards,\n{{companyName}}',
  footer: 'You are receiving this email because you are a customer of {{companyName}}.',
  accountFooter: 'You are receiving this email because you have an account with {{companyName}}.',
};
