import { type Bundles, withBundles } from "../cold/bundles.ts";
import { Handlers } from "./handlers.ts";

/** What `work` makes of the bundles, under a policy that enforces, and of services on loopback, which end afterwards. */
export async function withHandlers<Made>(work: (bundles: Bundles, handlers: Handlers) => Promise<Made>): Promise<Made> {
  const handlers = new Handlers();
  await handlers.start();
  try {
    return await withBundles("local/policy.yaml", async (bundles) => await work(bundles, handlers));
  } finally {
    await handlers.stop();
  }
}
