import { spawn } from "node:child_process";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { rememberLabels } from "../../local/world/label-past.ts";
import { seedKeys } from "../../local/world/seed-keys.ts";
import { startWorld } from "../../local/world/start-world.ts";
import type { World } from "../../local/world/world.ts";
import { packaged } from "../doubles/packaged.ts";
import { keyOf, notRun } from "./not-run.ts";
import { type Block, blocksOf, pages } from "./pages.ts";
import { makeScratch, type Scratch } from "./scratch.ts";

const languages = ["sh", "yaml", "json", "text", "mermaid", "hcl", "ts"];
const blocks = pages.flatMap(blocksOf);
const commands = blocks.filter(({ language }) => language === "sh");
const runnable = commands.filter((block) => notRun[keyOf(block)] === undefined);
const inWorld = ({ text }: Block) => /--local\b|127\.0\.0\.1:4700/.test(text);

const firstDeletion = `export AWS_ACCESS_KEY_ID=AKIANOBODY AWS_SECRET_ACCESS_KEY=local AWS_DEFAULT_REGION=us-east-1
aws --endpoint-url http://127.0.0.1:4700 payment-cryptography delete-key --key-identifier alias/prod/cvk-1`;

let world: World | undefined;
let scratch: Scratch | undefined;

/** Returns a block's text for `there`: its port is not 4700, so that no other local world is in the way. */
function asRun(text: string, there: World | undefined): string {
  if (there === undefined) return text;
  const { endpoint } = there;
  const vote = /\breprieve (approve|keep|pause|permit (request|approve|revoke))\b.* --local\b/;
  const lines = text.split("\n").map((line) => {
    const replaced = vote.test(line) ? `--endpoint ${endpoint} --sts-url ${endpoint}` : `--endpoint-url ${endpoint}`;
    return line.replace("--local", replaced);
  });
  const deleted = there.controlPlane.keys().find(({ aliases }) => aliases.includes("alias/prod/pin-encryption"));
  return lines
    .join("\n")
    .replaceAll("http://127.0.0.1:4700", endpoint)
    .replaceAll("<key ARN>", deleted?.KeyArn ?? "");
}

async function run(
  text: string,
  { folder, env }: Scratch,
): Promise<{ readonly exit: number | null; readonly printed: string }> {
  const child = spawn("bash", ["-euo", "pipefail", "-c", text], {
    cwd: folder,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (printed += String(chunk)));
  const exit = await new Promise<number | null>((done) => child.once("close", done));
  return { exit, printed };
}

/** The keys of npm start. */
async function startSeeded(): Promise<World> {
  const { templateFile, bundles } = await packaged("local");
  const started = await startWorld({ templateFile, bundles, port: 0, slackTimeoutMs: 120_000 });
  seedKeys(started.controlPlane, started.clock.now());
  await rememberLabels(started);
  return started;
}

describe("a fenced block", () => {
  it.each(pages)("of %s names its language", (page) => {
    const odd = blocksOf(page).filter(({ language }) => !languages.includes(language));
    expect(odd.map(({ line, language }) => `${page}:${line}: ${language}`)).toEqual([]);
  });

  it("that is not run is still in its page", () => {
    const there = commands.map(keyOf);
    expect(Object.keys(notRun).filter((key) => !there.includes(key))).toEqual([]);
  });

  it("is run on enough pages to mean something", () => {
    expect([...new Set(runnable.map(({ page }) => page))]).toEqual(
      expect.arrayContaining(["README.md", "docs/audit-trail.md", "docs/command.md", "docs/local-world.md"]),
    );
  });
});

describe.each([...new Set(runnable.map(({ page }) => page))])("%s", (page) => {
  const mine = runnable.filter((block) => block.page === page);
  beforeAll(async () => {
    scratch = makeScratch();
    if (!mine.some(inWorld)) return;
    world = await startSeeded();
    // An export without a case has no entries to look at.
    const { exit, printed } = await run(asRun(firstDeletion, world), scratch);
    if (exit !== 0) throw new Error(printed);
    await world.settle();
  });
  afterAll(async () => {
    await world?.stop();
    world = undefined;
    scratch?.remove();
  });

  it.each(mine.map((block) => [block.line, block] as const))("the commands of line %i succeed", async (_, block) => {
    if (scratch === undefined) throw new Error("no scratch folder was made");
    const { exit, printed } = await run(asRun(block.text, world), scratch);
    await world?.settle();
    expect([exit, exit === 0 ? "" : printed]).toEqual([0, ""]);
  });
});
