import { Client, Connection } from '@temporalio/client';

/** Events in the history of one order that was placed and paid. */
export async function historyEvents(address: string, orderId: number): Promise<number> {
  const connection = await Connection.connect({ address });

  try {
    const { historyLength } = await new Client({ connection }).workflow.getHandle(`order/${orderId}`).describe();

    return historyLength;
  } finally {
    await connection.close();
  }
}
