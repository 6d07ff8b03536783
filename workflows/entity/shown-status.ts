import { upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';

import { searchAttributes } from '../../platform/temporal/search-attributes';

/**
 * What the list of the Web UI is filtered by: `BmmsState = 'past_due'`. Told when it changes. Runs that were started without a
 * status never tell one, so that theirs are replayed as they were.
 * @param orderNumber told with it, once there is one
 */
export function showStatus(status: string, orderNumber?: string): void {
  const { typedSearchAttributes } = workflowInfo();
  const shown = typedSearchAttributes.get(searchAttributes.status);
  const isNumberNew =
    orderNumber !== undefined && typedSearchAttributes.get(searchAttributes.orderNumber) === undefined;

  if (shown === undefined || (shown === status && !isNumberNew)) {
    return;
  }
  upsertSearchAttributes([
    ...(shown === status ? [] : [{ key: searchAttributes.status, value: status }]),
    ...(isNumberNew ? [{ key: searchAttributes.orderNumber, value: orderNumber }] : []),
  ]);
}
