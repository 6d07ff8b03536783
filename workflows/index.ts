/** Every workflow type of the installation, in one bundle; workers/services.ts says which service runs which. */
export { dunningCampaign } from './dunning/dunning-campaign';
export { modelSwitch } from './model-switch/model-switch';
export { order } from './order/order';
export { payment } from './payment/payment';
export { priceMove } from './price-move/price-move';
export { subscription } from './subscription/subscription';
export { targetDrift } from './target-drift/target-drift';
export { testClock } from './test-clock/test-clock';
