import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** What a handler took for each of its inputs (ms), and for all but the warm-up the processor time (ms) of its process. */
export interface Handled {
  readonly importMs: number;
  readonly restoreSent: readonly number[];
  readonly done: readonly number[];
  readonly cpuMs: number;
  /** Resident at most, Node included. */
  readonly megabytes: number;
}

const peakMemory = new URL("../peak-memory.ts", import.meta.url).href;

/**
 * A program that imports the bundle in `folder`, hands its handler one input of `inputsFile` after the other, and says when RestoreKey went
 * out and when the handler was done. Plain JavaScript, so that nothing of Node is warm that the bundle has to warm for itself.
 */
export function processCode(folder: string, inputsFile: string, warmUp: number): string {
  return `
    import { readFileSync } from "node:fs";
    import { subscribe } from "node:diagnostics_channel";
    const inputs = JSON.parse(readFileSync(${JSON.stringify(inputsFile)}, "utf8"));
    let sentAt = NaN;
    subscribe("http.client.request.start", ({ request }) => {
      if (String(request.getHeader("x-amz-target")).endsWith(".RestoreKey")) sentAt = performance.now();
    });
    const until = Date.now() + 3_600_000;
    const context = { awsRequestId: "bench", functionName: "guard", getRemainingTimeInMillis: () => until - Date.now() };
    const [restoreSent, done] = [[], []];
    let cpuBefore = process.cpuUsage();
    const began = performance.now();
    const { handler } = await import(${JSON.stringify(pathToFileURL(join(folder, "index.mjs")).href)});
    const importMs = performance.now() - began;
    for (const [n, input] of inputs.entries()) {
      if (n === ${warmUp}) cpuBefore = process.cpuUsage();
      const start = performance.now();
      const answer = await handler(input, context);
      if (n >= ${warmUp}) done.push(performance.now() - start);
      if (n >= ${warmUp}) restoreSent.push(sentAt - start);
      if (answer?.batchItemFailures?.length > 0) throw new Error("a message failed");
    }
    const { user, system } = process.cpuUsage(cpuBefore);
    const { peakMegabytes } = await import(${JSON.stringify(peakMemory)});
    const megabytes = peakMegabytes();
    console.error(JSON.stringify({ importMs, restoreSent, done, cpuMs: (user + system) / 1000, megabytes }));
    process.exit(0);`;
}
