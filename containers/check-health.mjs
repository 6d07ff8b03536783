/**
 * Health of the container that this runs in: an API or a worker host, whichever listens. Ends with 0 when it is ready, with
 * 1 and a reason when it is not.
 */
const ports = [process.env.PORT || '3000', process.env.WORKER_HEALTH_PORT || '3100'];
const reasons = await Promise.all(
  ports.map(async (port) => {
    try {
      const answer = await fetch(`http://127.0.0.1:${port}/health/ready`, { signal: AbortSignal.timeout(4_000) });
      return answer.ok ? null : `port ${port} answers ${answer.status}: ${(await answer.text()).slice(0, 300)}`;
    } catch (error) {
      const { cause, message } = /** @type {Error & { cause?: { code?: string } }} */ (error);
      return `port ${port}: ${cause?.code ?? message}`;
    }
  }),
);
if (!reasons.includes(null)) {
  console.log(reasons.join('; '));
  process.exitCode = 1;
}
