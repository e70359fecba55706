import { writeFileSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import type { CliContext } from "../../cli/context.ts";
import type { Place } from "../../cli/places/place.ts";
import type { SignIn } from "../../cli/places/places-context.ts";
import { run } from "../../cli/run.ts";
import { createTestApproval, now, post } from "../doubles/approval.ts";
import { proof } from "../doubles/callers.ts";
import { directoryOf } from "../doubles/directory.ts";
import { exportFolder } from "../doubles/exported-log.ts";
import { loggedHours } from "../doubles/logged-cases.ts";
import { accountsText, handTimers } from "../doubles/places.ts";
import { createMemoryStackBook } from "../doubles/stack-records.ts";

const { next, remove } = exportFolder();
afterAll(remove);

/** `reprieve audit export` of `caller` against a stack whose people are known; what it printed, and what is on the chains of exports. */
async function exported(
  caller: string,
  { args = [] as readonly string[], endpoint = proof.audience, shell = caller } = {},
) {
  const log = await loggedHours(2);
  const book = createMemoryStackBook();
  const exportDeps = { book, directory: directoryOf(), clock: () => now };
  const stack = await createTestApproval({ proof, exportDeps });
  const [out, err]: [string[], string[]] = [[], []];
  const answer = async (url: string, init?: { method?: string; body?: string }) => {
    const { pathname } = new URL(url);
    const id = pathname.split("/").at(-1) ?? "";
    const reading = { body: "", route: "GET /receipts/{id}", pathParameters: { id } };
    const sent = init?.method === "POST" ? { body: init.body ?? "", route: "POST /votes" } : reading;
    const { statusCode, body } = await post(stack, sent);
    await stack.judge();
    return new Response(body, { status: statusCode });
  };
  const context = {
    ...{ version: "0.1.0", region: "us-east-1", endpoint, colours: false, clock: () => now, progress: () => {} },
    credentials: async () => credentialsOf(shell),
    signIn: async (): Promise<SignIn> => async (place) => ({
      ...{ account: place.account, credentials: credentialsOf(caller) },
    }),
    timer: handTimers().timer,
    fetch: answer,
    pause: async () => {},
    trails: () => log.trails(),
    logFiles: () => log.logFiles(),
    print: (line: string) => void out.push(line),
    printError: (line: string) => void err.push(line),
  };
  const status = await run(["audit", "export", "--out", next(), ...args], context as unknown as CliContext);
  const entries = [...book.chains.values()].flatMap((chain) => chain.entries);
  return { status, out: out.join("\n"), err: err.join("\n"), entries };
}

const credentialsOf = (caller: string) => ({
  ...{ accessKeyId: `AKIA${caller.toUpperCase().padEnd(16, "0")}`, secretAccessKey: "s" },
});

describe("exports of many places", () => {
  const place = { name: "first", account: "111122223333", region: "us-east-1", stage: "prod" };
  const atPlaces = (...places: readonly Place[]) => {
    const file = `${next()}.json`;
    writeFileSync(file, accountsText(places));
    return ["--accounts", file, "--json"];
  };

  it("are each on the trail of their stack, in the name of the place's credentials", async () => {
    const args = atPlaces({ ...place, endpoint: proof.audience });
    const { status, out, err, entries } = await exported("bob", { args, endpoint: "", shell: "mallory" });
    const { result } = JSON.parse(out);
    expect([status, err, result.recorded]).toEqual([0, "", true]);
    expect(entries).toMatchObject([{ kind: "trail-exported", person: "bob", digest: result.digest }]);
  });

  it("are not reported to the endpoint of the shell, which is that of one stack", async () => {
    const { out, entries } = await exported("bob", { args: atPlaces(place) });
    expect(JSON.parse(out).result).toMatchObject({ recorded: false, notRecorded: expect.stringContaining("endpoint") });
    expect(entries).toEqual([]);
    const { status, err } = await exported("bob", { args: [...atPlaces(place), "--endpoint", proof.audience] });
    expect([status, err]).toEqual([2, expect.stringContaining("--endpoint")]);
  });
});

describe("an export", () => {
  it("is on the trail, with who made it, why, the time asked for and the digest", async () => {
    const args = ["--from", "2026-11-01", "--to", "2026-12-01", "--reason", "CHG-7", "--json"];
    const { status, out, err, entries } = await exported("bob", { args });
    const { digest, objects, recorded } = JSON.parse(out);
    expect([status, err, recorded]).toEqual([0, "", true]);
    expect(entries).toMatchObject([
      {
        ...{ kind: "trail-exported", person: "bob", reason: "CHG-7", digest, objects, entries: 10 },
        ...{ from: Date.parse("2026-11-01"), to: Date.parse("2026-12-01") },
      },
    ]);
  });

  it("says in words that it is on the trail", async () => {
    const { out, err } = await exported("bob");
    expect([out, err]).toEqual([expect.stringContaining("the export is on the audit trail"), ""]);
  });

  it.each([
    ["of someone whom the policy does not know", "mallory", {}, "not in the policy's directory of people"],
    ["without an endpoint", "bob", { endpoint: "" }, "no endpoint of the stack is known"],
    ["with an endpoint that is no URL", "bob", { args: ["--endpoint", "x"] }, "expected a URL for the endpoint"],
    ["to an endpoint of another stack", "bob", { args: ["--endpoint", "https://x.example.com"] }, "CALLER_UNPROVEN"],
  ])("%s stands, and says that it is not on the trail, and why", async (_, caller, options, why) => {
    const { status, out, err, entries } = await exported(caller, options);
    expect([status, entries]).toEqual([0, []]);
    expect(out).toContain("digest");
    expect(err).toContain("the export is not on the audit trail");
    expect(err).toContain(why);
    const args = [...("args" in options ? options.args : []), "--json"];
    const { out: json } = await exported(caller, { ...options, args });
    expect(JSON.parse(json)).toMatchObject({ recorded: false, notRecorded: expect.stringContaining(why) });
  });
});
