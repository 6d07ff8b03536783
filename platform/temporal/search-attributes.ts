import { defineSearchAttributeKey, SearchAttributeType, TypedSearchAttributes } from '@temporalio/common';

/** What an operator finds workflows by in the Web UI. No personal data. Also read by workflow code: nothing but names. */
export const searchAttributes = {
  companyId: defineSearchAttributeKey('CompanyId', SearchAttributeType.INT),
  customerId: defineSearchAttributeKey('CustomerId', SearchAttributeType.INT),
  businessModel: defineSearchAttributeKey('BusinessModel', SearchAttributeType.KEYWORD),
  /** Of the order or the subscription; the workflow keeps it true. (A query takes `Status` for a word of Temporal's own.) */
  status: defineSearchAttributeKey('BmmsState', SearchAttributeType.KEYWORD),
  orderNumber: defineSearchAttributeKey('OrderNumber', SearchAttributeType.KEYWORD),
} as const;

/** What an order or a subscription is started with. */
export function businessAttributes(values: {
  companyId: number;
  customerId: number;
  businessModel: string;
  status: string;
  orderNumber?: string;
}): TypedSearchAttributes {
  return new TypedSearchAttributes([
    { key: searchAttributes.companyId, value: values.companyId },
    { key: searchAttributes.customerId, value: values.customerId },
    { key: searchAttributes.businessModel, value: values.businessModel },
    { key: searchAttributes.status, value: values.status },
    ...(values.orderNumber === undefined ? [] : [{ key: searchAttributes.orderNumber, value: values.orderNumber }]),
  ]);
}
