interface CatalogueEntry {
  status: number;
  title: string;
  /** What the caller can do about it. */
  advice: string;
}

const entry = (status: number, title: string, advice: string): CatalogueEntry => ({ status, title, advice });

/** Every problem the product answers with. Codes are stable: clients switch on them. */
export const errorCatalogue = {
  // request
  validation_failed: entry(
    422,
    'The request is not valid',
    'See `errors`: each names a field and what is wrong with it.',
  ),
  malformed_request: entry(400, 'This is not HTTP', 'Send a request that follows RFC 9112.'),
  request_timeout: entry(408, 'The request did not arrive in time', 'Send it whole, without long pauses.'),
  request_headers_too_large: entry(
    431,
    'The address and headers are too large',
    'Send at most 16 KB of both; a long list of ids goes into several requests.',
  ),
  malformed_json: entry(400, 'The body is not valid JSON', 'Send a JSON object with content type application/json.'),
  unsupported_media_type: entry(415, 'The content type is not supported', 'Send application/json.'),
  payload_too_large: entry(413, 'The body is too large', 'Send at most 1 MB.'),
  not_found: entry(404, 'Not found', 'Check the address; what belongs to others is answered the same way.'),
  method_not_allowed: entry(405, 'The method is not allowed here', 'See the header Allow.'),
  conflict: entry(409, 'The request conflicts with what is there', 'Read the resource again and decide anew.'),
  already_exists: entry(409, 'It exists already', 'The field named must be unique within the company.'),
  rate_limited: entry(429, 'Too many requests', 'Wait for the seconds in Retry-After.'),
  idempotency_key_reused: entry(
    422,
    'The Idempotency-Key was used with another request',
    'Use a new key for a new request.',
  ),
  idempotency_in_progress: entry(
    409,
    'The first request with this Idempotency-Key is under way',
    'Repeat after the seconds in Retry-After.',
  ),
  idempotency_key_invalid: entry(422, 'The Idempotency-Key is not usable', 'Send 1 to 255 visible ASCII characters.'),
  unavailable: entry(
    503,
    'A part of the system does not answer',
    'Repeat after the seconds in Retry-After, with the same Idempotency-Key.',
  ),
  internal: entry(500, 'Something went wrong on our side', 'Repeat later; quote the request id to the operator.'),

  // identity
  unauthenticated: entry(401, 'Sign in first', 'Send a valid access token: Authorization: Bearer …'),
  invalid_credentials: entry(401, 'E-mail or password is wrong', 'Check both.'),
  token_reused: entry(
    401,
    'The refresh token was used before',
    'All sessions of this sign-in were ended. Sign in again.',
  ),
  forbidden: entry(403, 'Your role does not allow this', 'Ask an administrator of the company.'),
  company_not_found: entry(404, 'There is no such company', 'Check the host or the X-Company header.'),
  company_suspended: entry(403, 'The company is suspended', 'Ask the operator of the installation.'),
  password_too_common: entry(
    422,
    'The password is one of the commonest',
    'Choose one that others do not: several words make a good one.',
  ),
  password_is_address: entry(422, 'The password is the e-mail address', 'Choose one that does not tell who you are.'),
  wrong_password: entry(422, 'The current password is wrong', 'Ask for a reset link if it is forgotten.'),
  link_invalid: entry(
    422,
    'The link does not work (any more)',
    'It is wrong, was used, or has ended. Ask for a new one.',
  ),
  email_taken: entry(409, 'The e-mail address is registered already', 'Sign in, or use another address.'),

  // catalogue and stock
  product_not_found: entry(422, 'A product does not exist', 'The field names the line.'),
  product_archived: entry(409, 'A product is no longer sold', 'Remove the line that is named.'),
  price_not_in_currency: entry(
    422,
    'It has no price in this currency',
    'Choose what has a price in the currency of the billing account; `prices` says in which there are others.',
  ),
  bundle_nested: entry(422, 'A bundle cannot be part of a bundle', 'Name the parts of that bundle one by one.'),
  bundle_without_stock: entry(
    409,
    'A bundle has no stock of its own',
    'Set the stock of its parts; what they make up is what can be sold.',
  ),
  price_mismatch: entry(
    409,
    'A sent price differs from the catalogue',
    'Show the customer the price in `lines` and send the order again.',
  ),
  currency_mismatch: entry(422, 'Currencies may not be mixed', 'Use the currency of the billing account.'),
  out_of_stock: entry(409, 'Not enough stock', '`lines` names each product with what is available.'),
  stock_below_reserved: entry(
    409,
    'Stock may not fall below what is reserved',
    'Ship or cancel the orders that hold it first.',
  ),

  // usage
  meter_not_found: entry(
    422,
    'There is no such meter',
    'See GET /meters: an event’s `event` is the `eventName` of an active one.',
  ),
  meter_not_prepayable: entry(
    422,
    'Usage of this meter cannot be paid for ahead',
    'Name a meter that sums or counts: units are drawn on by what is added up.',
  ),
  meter_priced_by_percentage: entry(
    422,
    'The price of this meter knows no units',
    'The subscription pays a percentage of what is used, which units bought ahead cannot cover.',
  ),
  usage_value_invalid: entry(
    422,
    'The event lacks what its meter reads',
    'Send the property that the meter reads: a number, or its decimal text with up to 15 digits before and 12 behind the point.',
  ),
  usage_after_end: entry(
    422,
    'The subscription had ended when it was used',
    'Check `timestamp` and `customerId`: nothing bills usage after the end of the subscription that metered it.',
  ),
  usage_too_late: entry(
    422,
    'The usage is told too late',
    'Usage is taken up to three days after its subscription ended. Settle what is older by hand.',
  ),
  usage_in_future: entry(422, 'The event lies in the future', 'Check the clock and the offset of `timestamp`.'),
  usage_id_taken: entry(
    409,
    'The id belongs to another event',
    'What is recorded stays. Send the event under an id of its own; send a correction as a further event.',
  ),

  // orders
  customer_not_found: entry(422, 'The customer does not exist', 'Create the customer first.'),
  customer_required: entry(422, 'An order needs a customer', 'Send customerId, or sign in as a customer.'),
  model_not_accepting: entry(
    409,
    'The company does not take this kind of business now',
    '`businessModel` says which it does. What was bought before goes on: it can be read, paid, shipped, cancelled and refunded.',
  ),
  order_state: entry(409, 'The order is not in a state for this', '`state` says where it stands.'),
  order_already_paid: entry(409, 'The order is paid already', 'Nothing is left to pay.'),

  // taxes
  tax_category_not_found: entry(
    422,
    'The tax category is of no tax rate',
    'Check the name, or add its tax rate first.',
  ),
  tax_rate_overlaps: entry(
    409,
    'The tax has another rate on these days',
    'End that rate the day before, with validUntil, or archive it.',
  ),

  // promotions
  promotion_not_found: entry(422, 'The promotion does not exist', 'Check the code, or order without it.'),
  promotion_not_started: entry(422, 'The promotion has not begun', '`startsAt` says when it does.'),
  promotion_ended: entry(422, 'The promotion is over', 'Order without the code.'),
  promotion_used_up: entry(422, 'The code is used up', 'Order without it.'),
  promotion_already_used: entry(422, 'This customer has used the code', 'Order without it.'),
  promotion_other_currency: entry(
    422,
    'The promotion is in another currency',
    'Use a code in the currency of the billing account.',
  ),
  promotion_not_applicable: entry(
    422,
    'The promotion is not for this',
    'Order something that it is for, or without the code.',
  ),
  promotion_below_minimum: entry(
    422,
    'The order is below the minimum of the promotion',
    '`minSubtotal` is the least, `subtotal` what the things it is for come to, at prices as they are shown: with tax where they hold it.',
  ),
  promotion_not_combinable: entry(422, 'These codes cannot be used together', 'Send one of them.'),

  // subscriptions
  plan_not_found: entry(422, 'The plan does not exist', 'The field names it; see GET /plans.'),
  plan_unavailable: entry(409, 'The plan is no longer offered', 'Choose an active plan.'),
  trial_unavailable: entry(409, 'There is no trial for this', 'Subscribe without a trial.'),
  subscription_state: entry(409, 'The subscription is not in a state for this', '`state` says where it stands.'),
  invoice_state: entry(409, 'The invoice is not in a state for this', '`state` says where it stands.'),
  already_billed: entry(409, 'This service is billed already', 'Read the invoices of the subscription.'),
  feature_not_found: entry(404, 'The feature does not exist', 'Check the code, or create the feature first.'),
  addon_not_found: entry(422, 'The add-on does not exist', 'List the add-ons that are sold.'),
  addon_unavailable: entry(422, 'The add-on is not sold any more', 'List the add-ons that are sold.'),
  addon_owned: entry(409, 'The subscription has this add-on', 'Change its quantity, or buy another one.'),
  prepaid_before_start: entry(
    422,
    'Units are bought ahead for a subscription that has begun',
    'Leave the top-up out, and buy it once the subscription has begun.',
  ),
  meter_billed_elsewhere: entry(
    409,
    "The customer's usage is billed by something else",
    'A meter is billed by one plan or add-on of a customer at a time: end or change the other one first.',
  ),
  subscription_past_due: entry(409, 'The subscription has an unpaid invoice', 'Pay it first.'),
  collection_paused: entry(409, 'Collection of the subscription is paused', 'Resume its collection first.'),
  charge_in_flight: entry(
    409,
    'A charge has no answer yet',
    'Ask again, under another Idempotency-Key, after the provider has answered.',
  ),
  no_change: entry(422, 'Nothing would change', 'Send another value.'),
  proration_unavailable: entry(
    422,
    'The change cannot be left out of bills',
    'Choose another prorationBehavior, or change at the end of the period.',
  ),
  price_move_state: entry(409, 'The price move cannot do this now', 'Wait until it is over, or begin another one.'),
  proration_date_expired: entry(422, 'The preview is too old', 'Preview the change again.'),
  test_clock_busy: entry(
    409,
    'The test clock is being advanced',
    'Wait until its status is ready, and ask again under another Idempotency-Key.',
  ),
  test_clock_backwards: entry(422, 'A test clock goes forward only', 'Send an instant after its `now`.'),
  test_clock_customer: entry(
    409,
    'The customer cannot be attached to this clock',
    'A clock takes customers that have no orders or subscriptions, when they are created.',
  ),

  // money
  amount_out_of_range: entry(
    422,
    'An amount is out of range',
    'Amounts are integers in minor units within ±9,007,199,254,740,991.',
  ),
  strategy_mismatch: entry(
    422,
    'The billing strategy cannot price this',
    'Check the business model against what is billed.',
  ),
  invalid_date_sequence: entry(422, 'Dates are in the wrong order', 'An end lies after its start.'),

  // payments
  payment_method_unavailable: entry(
    422,
    'The payment method is not available',
    'Use one of the methods the company offers.',
  ),
  payment_token_required: entry(422, 'This payment method needs a paymentToken', 'Send the token the provider gave.'),
  payment_token_unknown: entry(422, 'The payment token is not known', 'Ask the customer for the card again.'),
  payment_state: entry(409, 'The payment is not in a state for this', '`state` says where it stands.'),
  refund_exceeds_payment: entry(
    422,
    'The refund is larger than what is left of the payment',
    '`refundable` says how much is left.',
  ),
  payout_exceeds_balance: entry(
    422,
    'The payout is larger than the account credit',
    '`balance` says how much there is.',
  ),

  // switches of the business model
  intent_unclear: entry(422, 'It is not clear what is asked for', 'Answer what `questions` ask, and ask again.'),
  deployment_state: entry(409, 'The switch is not in a state for this', '`state` says where it stands.'),
  plan_stale: entry(
    409,
    'The plan is another one by now',
    'Look at the plan of today, and approve it by its `planHash`.',
  ),
  work_open: entry(
    409,
    'Work of what ends is open',
    '`openWork` counts it. Wait until it is over, or switch with drain finish or wait.',
  ),

  // targets of deployments
  target_unknown: entry(
    422,
    'The target of the deployment is not known',
    'Name a kubeconfig and a context that it has, or another target.',
  ),
  target_changed: entry(
    409,
    'The target is not the one that was approved',
    'Look at the plan again: the address leads to another cluster by now.',
  ),
  target_busy: entry(
    409,
    'Another deployment is being applied to the target',
    'Wait until it is confirmed or put back; `key` says whose it is.',
  ),
  target_conflict: entry(
    409,
    'Something stands at the target that is not ours',
    'Delete it, or hand it over by the label app.kubernetes.io/managed-by=bmms.',
  ),
  target_forbidden: entry(
    409,
    'The target does not allow this',
    'An administrator applies what `bmms manifests bootstrap` prints.',
  ),
  target_incomplete: entry(
    409,
    'The target is not prepared',
    'An administrator applies what `bmms manifests bootstrap` prints.',
  ),
  target_refused: entry(409, 'The target refuses this', '`detail` has its words: a rule of admission.'),
  quota_exceeded: entry(
    409,
    'A quota of the target is used up',
    '`detail` names the quota: raise it, or ask for fewer replicas.',
  ),
  target_unavailable: entry(503, 'The target does not answer', 'Repeat once the cluster answers again.'),
  manifest_invalid: entry(422, 'A manifest is not valid', '`detail` names the object and the field.'),
} as const satisfies Record<string, CatalogueEntry>;

export type ErrorCode = keyof typeof errorCatalogue;
