import type { NoticeWords } from './notice-text';

const plan = '{{planName}}{{#if isForSeveral}} ({{quantity}} seats){{/if}}';
const price = '{{#if isFree}}free of charge{{else}}{{amount}} for each billing period, before tax{{/if}}';
const invoice = 'invoice {{invoiceNumber}}';

export const english: NoticeWords = {
  greeting: 'Hello {{customerName}},',
  kinds: {
    trial_ending: {
      subject: 'Your trial of {{planName}} ends on {{trialEnd}}',
      paragraphs: [
        `Your trial of ${plan} ends on {{trialEnd}}. From then on your subscription goes on: ${price}.`,
        'If you do not want that, cancel before that day.',
      ],
    },
    trial_ended: {
      subject: 'Your trial of {{planName}} is over',
      paragraphs: [`Your trial of ${plan} ended on {{trialEnd}}. Your subscription goes on: ${price}.`],
    },
    renewal_upcoming: {
      subject: '{{planName}} renews on {{periodEnd}}',
      paragraphs: [
        `Your subscription to ${plan} renews on {{periodEnd}}, for the time until {{nextPeriodEnd}}.`,
        `{{#if invoiceDue}}We have issued ${invoice} over {{invoiceDue}}, due on {{dueDate}}. If you have saved a payment method, it is charged on {{periodEnd}}.{{/if}}`,
      ],
    },
    subscription_renewed: {
      subject: '{{planName}} has been renewed',
      paragraphs: [`Your subscription to ${plan} has been renewed and runs until {{periodEnd}}: ${price}.`],
    },
    payment_received: {
      subject: 'We have received your payment for {{planName}}',
      paragraphs: [`{{#if invoiceTotal}}Your ${invoice} over {{invoiceTotal}} is paid.{{/if}}`, 'Thank you.'],
    },
    payment_failed: {
      subject: 'Your payment for {{planName}} failed',
      paragraphs: [
        `We could not charge {{#if invoiceDue}}{{invoiceDue}} for ${invoice}{{else}}your saved payment method{{/if}} (${plan}).`,
        '{{#if nextAttemptAt}}We try again on {{nextAttemptAt}}. Please see to it that your payment method can be charged, or choose another one.{{else}}Please choose another payment method.{{/if}}',
      ],
    },
    payment_retry: {
      subject: 'Payment for {{planName}} is still due',
      paragraphs: [
        `{{#if invoiceDue}}{{invoiceDue}} for your ${invoice} (${plan}) is not paid yet.{{else}}Your invoice for ${plan} is not paid yet.{{/if}}`,
        '{{#if nextAttemptAt}}Please pay it before {{nextAttemptAt}}.{{else}}Please pay it now: otherwise your subscription may end.{{/if}}',
      ],
    },
    invoice_overdue: {
      subject: 'Your invoice for {{planName}} is overdue',
      paragraphs: [
        `{{#if invoiceDue}}Your ${invoice} over {{invoiceDue}} was due on {{dueDate}} and is not paid yet.{{else}}Your invoice for ${plan} is not paid yet.{{/if}}`,
        'Please pay it soon.',
      ],
    },
    payment_request: {
      subject: 'Please pay {{amount}} that is overdue',
      paragraphs: [
        'In all {{amount}} of your account is overdue. Please pay these invoices:',
        '{{#if invoiceLines}}{{invoiceLines}}{{/if}}',
      ],
    },
    subscription_past_due: {
      subject: 'Your subscription to {{planName}} is past due',
      paragraphs: [
        `An invoice of your subscription to ${plan} is not paid. Please pay it, so that your subscription can go on.`,
      ],
    },
    subscription_expired: {
      subject: 'Your subscription to {{planName}} has ended',
      paragraphs: [`Your subscription to ${plan} has ended. You can subscribe again at any time.`],
    },
    subscription_cancelled: {
      subject: 'Your subscription to {{planName}} is cancelled',
      paragraphs: [
        `Your subscription to ${plan} is cancelled. {{#if effectiveAt}}It stays open until {{effectiveAt}}; until then you can still change your mind.{{else}}You can subscribe again at any time.{{/if}}`,
      ],
    },
    subscription_paused: {
      subject: 'Your subscription to {{planName}} is paused',
      paragraphs: [`Your subscription to ${plan} is paused. Nothing is billed until you resume it.`],
    },
    subscription_resumed: {
      subject: 'Your subscription to {{planName}} goes on',
      paragraphs: [`Your subscription to ${plan} goes on: ${price}.`],
    },
    plan_changed: {
      subject: 'Your plan is now {{planName}}',
      paragraphs: [`Your subscription is now to ${plan}: ${price}.`],
    },
  },
  pay: 'Pay now',
  closing: 'Kind regards,\n{{companyName}}',
  footer: 'You get this message because you are a customer of {{companyName}}.',
};
