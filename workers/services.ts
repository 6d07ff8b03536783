/** The Kubernetes namespace a service belongs to: the documents' domains (S61). */
export type ServiceNamespace = 'customer' | 'product' | 'order' | 'finance' | 'platform';

export interface ServiceDefinition {
  /** Name, task queue and deployment in one. */
  readonly name: string;
  /** The documents' name in changesets, such as SubscriptionService. */
  readonly title: string;
  readonly namespace: ServiceNamespace;
  /** Workflow types it runs; a service without one never loads the workflow bundle. */
  readonly workflows: readonly string[];
  /** Remote activities it runs, by the factories of workers/activity-sets.ts. Database steps come with the workflows. */
  readonly activities: readonly ('provider' | 'service' | 'clock' | 'priceMove' | 'deployment')[];
  /** Only these may be stopped when a business model ends (D28). */
  readonly isStoppable: boolean;
  /** Not a Temporal Worker: the API itself. */
  readonly isApi?: boolean;
}

type Options = Partial<Pick<ServiceDefinition, 'workflows' | 'activities' | 'isStoppable' | 'isApi'>>;

const service = (
  name: string,
  title: string,
  namespace: ServiceNamespace,
  options: Options = {},
): ServiceDefinition => ({
  name,
  title,
  namespace,
  workflows: options.workflows ?? [],
  activities: ['service', ...(options.activities ?? [])],
  isStoppable: options.isStoppable ?? false,
  ...(options.isApi === undefined ? {} : { isApi: options.isApi }),
});

/** Every service of the installation. The documents' services are Workers on task queues of their own. */
export const services: readonly ServiceDefinition[] = [
  service('order-svc', 'OrderService', 'order', { workflows: ['order'], isStoppable: true }),
  service('inventory-svc', 'InventoryService', 'order', { isStoppable: true }),
  service('subscription-svc', 'SubscriptionService', 'order', {
    workflows: ['subscription', 'testClock', 'priceMove'],
    activities: ['clock', 'priceMove'],
    isStoppable: true,
  }),
  // Each Worker with workflows loads the bundle into a context of its own: what asks for money shares one.
  service('payment-svc', 'PaymentService', 'finance', {
    workflows: ['payment', 'dunningCampaign'],
    activities: ['provider'],
  }),
  service('billing-svc', 'BillingService', 'finance'),
  service('customer-svc', 'CustomerService', 'customer'),
  service('crm-svc', 'CrmService', 'customer'),
  service('catalogue-svc', 'CatalogueService', 'product'),
  service('pricing-svc', 'PricingService', 'product'),
  service('promotion-svc', 'PromotionService', 'product'),
  service('notification-svc', 'NotificationService', 'platform'),
  service('insight-svc', 'InsightService', 'platform'),
  service('llm-orchestrator', 'LlmOrchestrator', 'platform', { workflows: ['modelSwitch', 'targetDrift'] }),
  service('k8s-generator', 'K8sGenerator', 'platform', { activities: ['deployment'] }),
  service('api-gateway', 'ApiGateway', 'platform', { isApi: true }),
];

export const workerServices = services.filter(({ isApi }) => isApi !== true);

/** @throws Error that names the services there are */
export function findService(name: string): ServiceDefinition {
  const found = workerServices.find((candidate) => candidate.name === name);

  if (found === undefined) {
    throw new Error(
      `There is no service ${name}. Services: ${workerServices.map((candidate) => candidate.name).join(', ')}.`,
    );
  }

  return found;
}
