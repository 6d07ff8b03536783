/** Every workflow type of the installation, in one bundle; workers/services.ts says which service runs which. */
export { dunningCampaign } from './dunning-campaign';
export { order } from './order';
export { payment } from './payment';
export { subscription } from './subscription';
export { testClock } from './test-clock';
