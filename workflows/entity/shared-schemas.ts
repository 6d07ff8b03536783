import { z } from 'zod';

import * as fields from '../../domain/field-schema';
import * as inputs from '../../domain/input-schema';
import * as orderCommands from '../../domain/orders/order-command-schema';
import * as paymentCommands from '../../domain/payments/payment-command-schema';
import * as subscriptionCommands from '../../domain/subscriptions/commands/subscription-command-schema';

/**
 * Loaded once for each Worker, and shared by all its workflows (`preloadModules` in workers/build-bundle.ts): to
 * load zod and to build the schemas takes longer than a whole order. They hold nothing of any workflow.
 *
 * What is shared is frozen to its depths afterwards, and a frozen schema of zod cannot parse, because it makes its methods
 * on first use. A module that is frozen already is not looked into. (Compiled to CommonJS, a namespace is the module itself.)
 */
for (const shared of [inputs, fields, orderCommands, paymentCommands, subscriptionCommands]) {
  Object.freeze(shared);
}

// Code of workflows compiles none of its own.
z.config({ jitless: true });
