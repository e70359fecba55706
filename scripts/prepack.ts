import { makeDistribution } from "./release/distribution.ts";

// Run by `npm pack`: the package holds bundles only.
await makeDistribution();
