import { WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';

import { AppError } from '../../../domain/errors';
import { mapError } from './map-error';

test('an error of the catalogue stays what it is', () => {
  const error = new AppError('out_of_stock');

  expect(mapError(error)).toBe(error);
});

test("a workflow's typed refusal is the domain's error again, with all it carried", () => {
  const refusal = new AppError('order_state', { detail: 'It is shipped.', field: 'id', params: { state: 'shipped' } });
  const failure = ApplicationFailure.nonRetryable(refusal.message, refusal.code, refusal.toJSON());
  const mapped = mapError(new WorkflowUpdateFailedError('Workflow Update failed', failure));

  expect(mapped.toJSON()).toEqual(refusal.toJSON());
});

test('a typed refusal without details keeps its code and message', () => {
  const failure = ApplicationFailure.nonRetryable('It is paid.', 'order_already_paid');

  expect(mapError(new WorkflowUpdateFailedError('Workflow Update failed', failure))).toMatchObject({
    code: 'order_already_paid',
    message: 'It is paid.',
  });
});

test.each([
  new WorkflowNotFoundError('not found', 'payment/1', undefined),
  new WorkflowUpdateFailedError(
    'Workflow Update failed',
    ApplicationFailure.retryable('It completed first.', 'AcceptedUpdateCompletedWorkflow'),
  ),
  new Error('The channel has been closed'),
  new Error('Channel has been shut down'),
])('a workflow or connection that ends meanwhile may be asked again: %p', (error) => {
  expect(mapError(error)).toMatchObject({ code: 'unavailable', status: 503 });
});

test.each([
  new Error('secret'),
  'text',
  null,
  undefined,
  { status: 409 },
  ApplicationFailure.nonRetryable('x', 'toString'),
])('anything else is ours: %p', (error) => {
  const mapped = mapError(error);

  expect(mapped).toMatchObject({ code: 'internal', status: 500 });
  expect(JSON.stringify(mapped)).not.toContain('secret');
});
