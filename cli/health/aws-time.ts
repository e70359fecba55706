/** Returns the time (ms since the epoch) by AWS's clock, or by `clock` where AWS does not answer: this machine's clock may be wrong. */
export async function awsTime(
  {
    region,
    endpoint = `https://sts.${region}.amazonaws.com/`,
  }: { readonly region: string; readonly endpoint?: string },
  clock: () => number,
): Promise<number> {
  try {
    const { headers } = await fetch(endpoint, { method: "HEAD", signal: AbortSignal.timeout(5_000) });
    const at = Date.parse(headers.get("date") ?? "");
    return Number.isFinite(at) ? at : clock();
  } catch {
    return clock();
  }
}
