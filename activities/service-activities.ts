/** What every service can do: say that it is there. `bmms doctor` and the smoke check of a deployment ask it. */
export function createServiceActivities(service: string) {
  return {
    async ping(): Promise<{ service: string; pid: number }> {
      return { service, pid: process.pid };
    },
  };
}

export type ServiceActivities = ReturnType<typeof createServiceActivities>;
