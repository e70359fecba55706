import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Console, startConsole } from "../../../local/console/console.ts";
import { LiveParts } from "../../../local/console/live-parts.ts";
import type { KeyPart, LinePart, PolicyPart, RecordPart, WorldPart } from "../../../local/console/parts.ts";
import { recordPart } from "../../../local/console/record-part.ts";
import { scenarios } from "../../../local/stories/demo/scenarios.ts";
import { rememberLabels } from "../../../local/world/label-past.ts";
import { seedKeys } from "../../../local/world/seed-keys.ts";
import { startWorld } from "../../../local/world/start-world.ts";
import type { World } from "../../../local/world/world.ts";
import { root } from "../../../scripts/bundle.ts";
import { buildPage } from "../../../scripts/page-files.ts";
import { packaged } from "../../doubles/packaged.ts";

let world: World;
let shown: Console;
let folder = "";
let policyFile = "";
let deployed = 0;
let resets = 0;
const policyText = readFileSync(resolve(root, "local/policy.yaml"), "utf8");

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "reprieve-console-"));
  policyFile = join(folder, "policy.yaml");
  writeFileSync(policyFile, policyText);
  const { templateFile, bundles } = await packaged("local");
  world = await startWorld({ templateFile, bundles, port: 0, slackTimeoutMs: 120_000 });
  seedKeys(world.controlPlane, world.clock.now());
  await rememberLabels(world);
  const deploy = async () => {
    deployed += 1;
  };
  shown = await startConsole(world, { port: 0, policyFile, deploy, scenarios, reset: () => void resets++ });
});
afterAll(async () => {
  await shown.close();
  await world.stop();
  rmSync(folder, { recursive: true });
});

/** By node:http, for `fetch` sets Host itself. */
async function ask(path: string, headers: Record<string, string> = {}, method = "GET", body = "") {
  return await new Promise<{ status: number; headers: Record<string, unknown>; text: string }>((done, reject) => {
    const sent = request(`${shown.url}${path}`, { method, headers }, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (chunk: string) => {
        text += chunk;
      });
      answer.on("end", () => done({ status: answer.statusCode ?? 0, headers: answer.headers, text }));
    });
    sent.on("error", reject).end(body);
  });
}
const json = { "content-type": "application/json" };
const act = async (action: string, given: unknown = {}) =>
  await ask(`/act/${action}`, json, "POST", JSON.stringify(given));

/** A page that is open: what it has been sent so far. */
async function openPage(query = "") {
  const parts = new Map<string, unknown>();
  let bytes = 0;
  const events = await fetch(`${shown.url}/events${query}`);
  const reader = (events.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream()).getReader();
  const reading = (async () => {
    let rest = "";
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      bytes += read.value.length;
      const messages = (rest + read.value).split("\n\n");
      rest = messages.pop() ?? "";
      for (const message of messages.filter((each) => each.startsWith("data: "))) {
        const { set, gone } = JSON.parse(message.slice(6)) as { set: Record<string, unknown>; gone: string[] };
        for (const [name, part] of Object.entries(set)) parts.set(name, part);
        for (const name of gone) parts.delete(name);
      }
    }
  })();
  const under = <Part>(prefix: string) =>
    [...parts].flatMap(([name, part]) => (name.startsWith(prefix) ? [part as Part] : []));
  const close = async () => {
    await reader.cancel();
    await reading;
  };
  return { parts, under, close, bytes: () => bytes };
}
const keyBy = (page: Awaited<ReturnType<typeof openPage>>, alias: string) =>
  page.under<KeyPart>("key/").find((key) => key.alias === alias);

describe("who is let in to the console", () => {
  it.each(["evil.example", "127.0.0.1.evil.example", "localhost@evil.example", "10.0.0.1", "[::1]"])(
    "not who comes by the host `%s`",
    async (host) => {
      for (const path of ["/", "/events", "/app.js"]) expect((await ask(path, { host })).status).toBe(403);
      expect((await ask("/act/sweep", { host, ...json }, "POST", "{}")).status).toBe(403);
    },
  );

  it.each(["https://evil.example", "null", "http://127.0.0.1:1", "http://localhost"])(
    "not a page of the origin `%s`",
    async (origin) => {
      expect((await ask("/act/sweep", { origin, ...json }, "POST", "{}")).status).toBe(403);
    },
  );

  it("acts are JSON, and come by POST", async () => {
    expect((await ask("/act/sweep", { "content-type": "text/plain" }, "POST", "{}")).status).toBe(415);
    expect((await ask("/act/sweep", json)).status).toBe(405);
    expect((await ask("/", json, "POST", "{}")).status).toBe(405);
  });
});

describe("the page's files", () => {
  it("come with a policy that lets nothing in from elsewhere, and nothing inline", async () => {
    const { headers, text } = await ask("/");
    expect(headers["content-security-policy"]).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
    expect(JSON.stringify(headers)).not.toContain("unsafe");
    const linked = [...text.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path = ""]) => path);
    expect(linked).toEqual(["/icon.svg", "/style.css", "/app.js"]);
    for (const path of linked) expect([path, (await ask(path)).status]).toEqual([path, 200]);
    for (const path of ["/../console.ts", "/page/app.tsx", "/nothing"]) expect((await ask(path)).status).toBe(404);
  });

  it("are small: 120 KB of script at most, as they would be sent", async () => {
    const script = (await buildPage("local/console/page")).files.get("/app.js")?.content ?? "";
    expect(gzipSync(script).length).toBeLessThan(120_000);
    expect(String(script)).not.toMatch(/https?:\/\/(?!www\.w3\.org)/);
  });
});

describe("what the console tells", () => {
  it("is all there is to a page that opens, and then what has changed and nothing else", async () => {
    const page = await openPage();
    await expect.poll(() => page.under<KeyPart>("key/").length).toBe(11);
    expect(keyBy(page, "alias/prod/cvk-1")).toMatchObject({
      ...{ state: "CREATE_COMPLETE", enabled: true, usage: "TR31_C0_CARD_VERIFICATION_KEY", tags: "Environment=prod" },
      preview: { outcome: "restore", rule: "default" },
    });
    const first = page.bytes();
    await act("disabling", { on: false });
    await expect.poll(() => (page.parts.get("world") as WorldPart).deletionDisablesKey).toBe(false);
    // Only the part that changed comes again: some 6 KB of the world's settings, not the keys.
    expect(page.bytes() - first).toBeLessThan(first * 0.6);
    await page.close();
  });

  it("is a deletion as someone, the case of it entry by entry, and the key as it comes back", async () => {
    const page = await openPage();
    await expect.poll(() => keyBy(page, "alias/prod/cvk-2")).toBeDefined();
    const key = keyBy(page, "alias/prod/cvk-2")?.arn ?? "";
    expect(JSON.parse((await act("delete", { key, person: "mallory", days: 3 })).text)).toEqual({});
    await expect.poll(() => page.under<RecordPart>(`case/${key}`)[0]?.row.state).toBe("key-usable");
    const [told] = page.under<RecordPart>(`case/${key}`);
    expect(told?.row).toMatchObject({ outcome: "restore", rule: "default", requesterName: "mallory", open: false });
    expect(told?.chain.entries.map(({ kind }) => kind)).toEqual([
      ...["deletion-detected", "decided", "restore-intended", "key-restored", "key-usable", "key-named"],
    ]);
    expect(told?.row.title).toBe("alias/prod/cvk-2");
    expect(told?.chain.passedOver[0]).toEqual({ rule: "pin-keys-need-two-custodians", failed: "key.usage" });
    await expect
      .poll(() => page.under<LinePart>("line/").map(({ text }) => text))
      .toContainEqual(expect.stringContaining("key usable again after"));
    await page.close();
  });

  it("is what the policy would decide for the person of the tab, whatever person another tab acts as", async () => {
    const reaper = `?${new URLSearchParams({ as: "the key reaper", days: "7" })}`;
    const pages = await Promise.all([
      openPage(reaper),
      openPage(reaper.replace("7", "3")),
      openPage(),
      openPage("?as=eve&days=x"),
    ]);
    const previews = () => pages.map((page) => keyBy(page, "alias/test/terminal-1")?.preview);
    const restored = { outcome: "restore", rule: "default" };
    await expect
      .poll(previews)
      .toEqual([{ outcome: "allow", rule: "reaper-cleans-test-keys" }, restored, restored, restored]);
    for (const page of pages) await page.close();
  });

  it("INVARIANT: is nothing that was not asked of it: no page, no work", () => {
    let asked = 0;
    const live = new LiveParts(() => {
      asked += 1;
      return {};
    });
    live.changed();
    live.close();
    expect(asked).toBe(0);
  });
});

describe("the policy file", () => {
  const partOf = (page: Awaited<ReturnType<typeof openPage>>) => page.parts.get("policy") as PolicyPart;

  it("is shown with the lines of each rule, and given to the guard when it is saved and holds", async () => {
    const page = await openPage();
    await expect.poll(() => partOf(page)).toBeDefined();
    const lines = policyText.split("\n");
    for (const { id, from } of partOf(page).rules) expect(lines[from - 1]).toContain(id);
    writeFileSync(
      policyFile,
      policyText.replace(
        "default: restore",
        "default: { ask: { approval: { from: custodians, quorum: 2, within: 24h } } }",
      ),
    );
    await expect.poll(() => keyBy(page, "alias/prod/cvk-1")?.preview?.outcome).toBe("ask");
    await expect.poll(() => partOf(page).guard).toBe("runs-it");
    expect(deployed).toBe(1);
    await page.close();
  });

  it("with a fault is shown with it, and is not given to the guard: the one before still decides", async () => {
    const page = await openPage();
    await expect.poll(() => partOf(page)).toBeDefined();
    writeFileSync(policyFile, policyText.replace("TR31_P0_PIN_ENCRYPTION_KEY", "TR31_P0_PIN_KEY"));
    await expect.poll(() => partOf(page).faults.length).toBe(1);
    expect(partOf(page).faults[0]).toMatchObject({ line: 17, message: expect.stringContaining("`TR31_P0_PIN_KEY`") });
    const before = keyBy(page, "alias/prod/cvk-1")?.preview?.outcome;
    expect([partOf(page).guard, deployed, partOf(page).mode, before]).toEqual(["stale", 1, "enforce", "ask"]);
    writeFileSync(policyFile, policyText);
    await expect.poll(() => [partOf(page).guard, deployed]).toEqual(["runs-it", 2]);
    await page.close();
  });
});

describe("acts", () => {
  it.each([
    ["delete", {}],
    ["delete", { key: 1 }],
    ["delete", { key: "alias/none", person: "mallory", days: 2 }],
    ["delete", { key: "alias/none", person: "mallory", days: 3.5 }],
    ["delete", { key: "alias/none", person: "eve", days: 3 }],
    ["stop", { key: "alias/none" }],
    ["fault", { service: "store", fault: "error" }],
    ["fault", { service: "store", fault: "error", scope: "nobody" }],
    ["jump", { to: "yesterday" }],
    ["fault", { service: "everything", fault: "error", scope: "everyone" }],
    ["fault", { service: "store", fault: "melt", scope: "everyone" }],
    ["slack-click", { user: "U0BOB" }],
    ["slack-submit", { user: "U0BOB", viewId: "V", values: { reason: 1 } }],
  ])("%s of %j is refused as what it is not", async (action, given) => {
    expect((await act(action, given)).status).toBe(400);
  });

  it("that are none are not found, whatever they are called", async () => {
    for (const action of ["constructor", "slack-open", "drop"]) expect((await act(action)).status).toBe(404);
    expect((await act("slack-click", { user: "U0BOB", channel: "C", ts: "1", actionId: "keep" })).status).toBe(404);
    expect((await ask("/act/sweep", json, "POST", "{")).status).toBe(400);
    expect((await ask("/act/sweep", json, "POST", " ".repeat(1_000_001))).status).toBe(413);
  });

  it("that do not come about say why", async () => {
    const trouble = async (action: string, given: unknown) => JSON.parse((await act(action, given)).text).trouble;
    expect(await trouble("delete", { key: "alias/none", person: "mallory", days: 3 })).toContain(
      "ResourceNotFoundException",
    );
    expect(await trouble("jump", { to: "deadline" })).toBe("there is no deadline to come");
    expect(await trouble("play", { scenario: "none" })).toBe("there is no such scenario");
  });

  it("break services and mend them", async () => {
    await act("fault", { service: "bus", fault: "error", scope: "guard" });
    await act("slack-fault", { fault: "refuse" });
    expect([world.hub.faults.faultOf("bus"), world.hub.faults.scopeOf("bus"), world.slack.fault]).toEqual([
      "error",
      "guard",
      "refuse",
    ]);
    await act("mend");
    expect([world.hub.faults.faultOf("bus"), world.slack.fault]).toEqual(["up", "up"]);
  });

  it("start the world again, where the console was given a way to", async () => {
    expect(JSON.parse((await act("reset")).text)).toEqual({});
    expect(resets).toBe(1);
  });

  it("play a story, one at a time, and tell what should come of it", async () => {
    const page = await openPage();
    world.controlPlane.limitTo(5);
    expect(JSON.parse((await act("play", { scenario: "failed-call" })).text)).toEqual({});
    const lines = () => page.under<LinePart>("line/").filter(({ actor }) => actor === "✓" || actor === "✗");
    await expect.poll(() => (page.parts.get("world") as WorldPart | undefined)?.playing ?? "over").toBe("over");
    await expect.poll(() => lines().length).toBeGreaterThan(2);
    expect(lines().filter(({ actor }) => actor === "✗")).toEqual([]);
    // The story ran without the service's limit, which holds again.
    await expect.poll(() => world.controlPlane.callsPerSecond).toBe(5);
    world.controlPlane.limitTo(null);
    await page.close();
  });
});

describe("a case that was tampered with", () => {
  it("is shown as stored: the browser finds out for itself", () => {
    const part = recordPart({ case: "x#1", texts: ["{"], head: "0" });
    expect(part).toMatchObject({ name: "x#1", row: { state: "damaged" }, chain: { entries: [] } });
  });
});

describe("a key that someone stops on the page", () => {
  it("has a change, with its chain as stored, and is started again on the page", async () => {
    const page = await openPage();
    const [key] = world.controlPlane
      .keys()
      .filter(({ KeyState, Enabled }) => KeyState === "CREATE_COMPLETE" && Enabled);
    const arn = key?.KeyArn ?? "";
    expect(JSON.parse((await act("stop", { key: arn, person: "mallory" })).text)).toEqual({});
    await world.settle();
    await expect.poll(() => page.under<RecordPart>("change/").length, { timeout: 10_000 }).toBe(1);
    const [change] = page.under<RecordPart>("change/");
    expect(change?.row).toMatchObject({
      title: `stop ${arn.split("/").at(-1)}`,
      keyArn: arn,
      requesterName: "mallory",
    });
    expect(change?.chain.entries.map(({ kind }) => kind).slice(0, 2)).toEqual(["change-detected", "change-judged"]);
    expect(JSON.parse((await act("start", { key: arn, person: "mallory" })).text)).toEqual({});
    expect(world.controlPlane.keys().find(({ KeyArn }) => KeyArn === arn)?.Enabled).toBe(true);
    await page.close();
  });
});
