/**
 * Records the histories of subscriptions, their charges and test clocks, as record.mjs does for orders.
 *
 *   npm start                                                  in one terminal
 *   node test/histories/record-subscriptions.mjs [name …]      in another; about 20 s
 */
import { setTimeout as sleep } from 'node:timers/promises';

import { openRecorder } from './recorder.mjs';

const { workflow, call: callWith, logIn, query, save, record } = await openRecorder();
const token = await logIn('admin@demo.test');
const start = '2026-01-31T00:00:00+07:00';
const daysOn = (days) => new Date(Date.parse(start) + days * 86_400_000).toISOString();
const call = (method, where, body, may) => callWith(method, where, { token, body, may });
let made = 0;
const addPlan = (fields = {}) =>
  call('POST', '/plans', {
    name: `Recorded ${process.pid}-${(made += 1)}`,
    price: 299_000,
    currency: 'VND',
    billingCycle: 'monthly',
    trialEnabled: true,
    trialDays: 14,
    ...fields,
  });
const plan = await addPlan();
const dearer = await addPlan({ price: 599_000 });
const addCustomer = (fields = {}) =>
  call('POST', '/customers', { name: 'Recorded', email: `recorded-${process.pid}-${(made += 1)}@demo.test`, ...fields });
const subscribe = async (fields = {}, may = []) =>
  call('POST', '/subscriptions', {
    customerId: (await addCustomer()).id,
    planId: plan.id,
    paymentMethod: 'card',
    paymentToken: 'tok_ok',
    ...fields,
  }, may);
const onClock = async (fields = {}) => {
  const clock = await call('POST', '/test-clocks', { now: start });
  const customer = await addCustomer({ testClockId: clock.id });

  return { clock: clock.id, ...(await subscribe({ customerId: customer.id, ...fields })) };
};
const advance = async (clock, to) => {
  let { status } = await call('POST', `/test-clocks/${clock}/advance`, { to });

  while (status !== 'ready') {
    await sleep(200);
    ({ status } = await call('GET', `/test-clocks/${clock}`));
  }
};
const act = (id, what, body = {}, may = []) => call('POST', `/subscriptions/${id}/${what}`, body, may);
const read = (id) => call('GET', `/subscriptions/${id}`);
const signal = (id, name, ...args) => workflow.getHandle(`subscription/${id}`).signal(name, ...args);
const settled = () => sleep(1_500);
const customerOfBankThatIsAway = async () => {
  const { id } = await addCustomer();
  await query(
    `INSERT INTO sandbox.card_outages (subject, starts_at, ends_at) VALUES ($1, '-infinity', 'infinity')`,
    [`customer/${id}`],
  );

  return id;
};
const latestPayment = async (id) => {
  const { latestInvoiceId } = await read(id);
  const { data } = await call('GET', `/payments?invoiceId=${latestInvoiceId}`);

  return data[0].id;
};

const paths = {
  'subscription/waiting-for-first-payment': async (name) => {
    const { id } = await subscribe({ paymentMethod: 'vnpay', paymentToken: null });
    await save(name, `subscription/${id}`);
  },
  'subscription/paid-by-customer': async (name) => {
    const { id, openPaymentId } = await subscribe({ paymentMethod: 'vnpay', paymentToken: null });
    await call('POST', `/payments/${openPaymentId}/test/success`, {});
    await save(name, `subscription/${id}`);
  },
  'subscription/charged-beside-its-loop': async (name) => {
    const { id } = await subscribe();
    await settled();
    await save(name, `subscription/${id}`);
  },
  'subscription/declined-beside-its-loop': async (name) => {
    const { id } = await subscribe({ paymentToken: 'tok_declined' });
    await settled();
    await save(name, `subscription/${id}`);
  },
  'subscription/charge-without-an-answer': async (name) => {
    const { id } = await subscribe({ customerId: await customerOfBankThatIsAway() });
    await settled();
    await save(name, `subscription/${id}`);
  },
  // Takes over two minutes.
  'subscription/charge-handed-on': async (name) => {
    const { id } = await subscribe({ customerId: await customerOfBankThatIsAway() });
    await sleep(130_000);
    await save(name, `subscription/${id}`);
    await save('payment/charge-handed-on', `payment/${await latestPayment(id)}`);
  },
  'subscription/invoice-paid-by-hand': async (name) => {
    const { id, latestInvoiceId } = await subscribe({ paymentToken: 'tok_declined' });
    await settled();
    await call('POST', `/invoices/${latestInvoiceId}/pay`, { paymentMethod: 'card', paymentToken: 'tok_ok' });
    await save(name, `subscription/${id}`);
  },
  'subscription/in-trial': async (name) => {
    const { id } = await subscribe({ useTrial: true });
    await save(name, `subscription/${id}`);
  },
  'subscription/free-tier': async (name) => {
    const free = await addPlan({ price: 0, trialEnabled: false, trialDays: 0 });
    const { id } = await subscribe({ planId: free.id });
    await save(name, `subscription/${id}`);
  },
  'subscription/refused': async (name) => {
    const customer = await addCustomer();
    const before = (await call('GET', '/subscriptions?limit=1')).data[0]?.id ?? 0;
    await subscribe({ customerId: customer.id, useTrial: true });
    await subscribe({ customerId: customer.id, useTrial: true }, [409]);
    for await (const { workflowId } of workflow.list({ query: "WorkflowType = 'subscription' AND ExecutionStatus = 'Completed'" })) {
      if (Number(workflowId.split('/')[1]) > before) {
        await save(name, workflowId);
        return;
      }
    }
  },
  'subscription/changed-plan': async (name) => {
    const { id } = await subscribe();
    await settled();
    await act(id, 'change-plan', { newPlanId: dearer.id });
    await settled();
    await save(name, `subscription/${id}`);
  },
  'subscription/paused-and-resumed': async (name) => {
    const { id } = await subscribe();
    await settled();
    await act(id, 'pause');
    await act(id, 'resume');
    await act(id, 'resume', {}, [409]);
    await settled();
    await save(name, `subscription/${id}`);
  },
  'subscription/collection-paused-and-resumed': async (name) => {
    const { id, clock } = await onClock();
    await settled();
    await act(id, 'pause-collection', { behavior: 'void' });
    await advance(clock, daysOn(40));
    await act(id, 'resume-collection');
    await settled();
    await save(name, `subscription/${id}`);
  },
  'subscription/scheduled-start': async (name) => {
    const { id, clock } = await onClock({ startsAt: daysOn(10) });
    await act(id, 'change-plan', { newPlanId: dearer.id });
    await advance(clock, daysOn(20));
    await settled();
    await save(name, `subscription/${id}`);
  },
  'subscription/cancelled-and-reactivated': async (name) => {
    const { id } = await subscribe();
    await settled();
    await act(id, 'cancel', { cancelAtPeriodEnd: true });
    await act(id, 'reactivate');
    await save(name, `subscription/${id}`);
  },
  'subscription/cancelled-at-once': async (name) => {
    const { id } = await subscribe();
    await settled();
    await act(id, 'cancel', { cancelAtPeriodEnd: false });
    await settled();
    await save(name, `subscription/${id}`);
  },
  'subscription/signals': async (name) => {
    const { id } = await subscribe();
    await settled();
    await signal(id, 'changePlan', { plan: 3 });
    await signal(id, 'changePlan', { newPlanId: dearer.id, immediate: true });
    await settled();
    await signal(id, 'pause');
    await signal(id, 'resume');
    await signal(id, 'cancel', { reason: 'enough', cancelAtPeriodEnd: true });
    await signal(id, 'reactivate');
    await settled();
    await save(name, `subscription/${id}`);
  },
  'subscription/renewed-on-clock': async (name) => {
    const { id, clock } = await onClock({ useTrial: true });
    await advance(clock, daysOn(120));
    await save(name, `subscription/${id}`);
    await save('test-clock/advanced', `test-clock/${clock}`);
  },
  'subscription/dunned-to-the-end': async (name) => {
    const { id, clock } = await onClock({ useTrial: true, paymentToken: 'tok_declined' });
    await advance(clock, daysOn(60));
    await settled();
    await save(name, `subscription/${id}`);
  },
  'subscription/expired-at-period-end': async (name) => {
    const { id, clock } = await onClock();
    await act(id, 'cancel', { cancelAtPeriodEnd: true });
    await advance(clock, daysOn(60));
    await settled();
    await save(name, `subscription/${id}`);
  },
  'subscription/chain': async () => {
    const { id, clock } = await onClock();
    await advance(clock, daysOn(800));
    await settled();
    await sleep(2_000);
    const runs = [];
    for await (const run of workflow.list({ query: `WorkflowId = 'subscription/${id}'` })) {
      runs.push(run);
    }
    runs.sort((left, right) => left.startTime - right.startTime);
    for (const [index, { runId }] of runs.entries()) {
      await save(`subscription/chain-${index + 1}`, `subscription/${id}`, runId);
    }
  },
  'subscription/started-again': async (name) => {
    const { id } = await subscribe();
    await settled();
    await workflow.getHandle(`subscription/${id}`).terminate('lost');
    await act(id, 'cancel', { cancelAtPeriodEnd: true });
    await save(name, `subscription/${id}`);
  },
};

await record(paths);
