import { defineSearchAttributeKey, SearchAttributeType, TypedSearchAttributes } from '@temporalio/common';

/** Registered by whoever starts Temporal; set once, at the start. No personal data. */
export const searchAttributes = {
  companyId: defineSearchAttributeKey('CompanyId', SearchAttributeType.INT),
  customerId: defineSearchAttributeKey('CustomerId', SearchAttributeType.INT),
  businessModel: defineSearchAttributeKey('BusinessModel', SearchAttributeType.KEYWORD),
} as const;

/** What an operator finds a business workflow by in the Web UI. */
export function businessAttributes(values: {
  companyId: number;
  customerId: number;
  businessModel: string;
}): TypedSearchAttributes {
  return new TypedSearchAttributes([
    { key: searchAttributes.companyId, value: values.companyId },
    { key: searchAttributes.customerId, value: values.customerId },
    { key: searchAttributes.businessModel, value: values.businessModel },
  ]);
}
