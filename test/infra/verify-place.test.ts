import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, afterEach, describe, expect, it, vi } from "vitest";
import type { PlaceToVerify } from "../../cli/deploy/deployment-tools.ts";
import { root } from "../../scripts/bundle.ts";
import { runPiped } from "../../scripts/deploy/run-piped.ts";
import { verifyPlace } from "../../scripts/deploy/run-verify.ts";

const folder = mkdtempSync(join(tmpdir(), "reprieve-piped-"));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => vi.unstubAllEnvs());

function scriptOf(text: string): string {
  const file = join(folder, `${text.length}.mjs`);
  writeFileSync(file, text);
  return file;
}

function place(over: Partial<PlaceToVerify> = {}) {
  const printed: string[] = [];
  const controller = new AbortController();
  const access = {
    ...{ account: "111122223333", credentials: { accessKeyId: "AKIAPLACE", secretAccessKey: "s", sessionToken: "t" } },
    ...{ signal: controller.signal, alive: () => {} },
  };
  const at: PlaceToVerify = {
    ...{ stage: "example", account: "111122223333", region: "us-east-1", access },
    print: (line) => void printed.push(line),
    printError: (line) => void printed.push(`! ${line}`),
    ...over,
  };
  return { at, printed, controller };
}

describe("a script that runs for one place of many", () => {
  it("acts as the place alone, and passes its lines on", async () => {
    vi.stubEnv("AWS_PROFILE", "of-the-shell");
    vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIASHELL");
    const { at, printed } = place();
    const script = scriptOf(
      "const { AWS_ACCESS_KEY_ID: id, AWS_SESSION_TOKEN: t, AWS_REGION: r, AWS_PROFILE: p } = process.env; console.log(id, t, r, p); console.error('bad', process.argv[2]); process.exitCode = 3;",
    );
    const { access, region } = at;
    expect(await runPiped(script, ["--json"], { ...access, region }, at)).toBe(false);
    expect(printed.sort()).toEqual(["! bad --json", "AKIAPLACE t us-east-1 undefined"]);
  });

  it("ends with the place that is given up, and leaves no home behind", async () => {
    const { at, printed, controller } = place();
    const { access, region } = at;
    const script = scriptOf("console.log(process.env.HOME); setInterval(() => {}, 1000);");
    const ran = runPiped(script, [], { ...access, region }, at);
    await expect.poll(() => printed).toHaveLength(1);
    expect(existsSync(printed[0] ?? "")).toBe(true);
    controller.abort();
    expect(await ran).toBe(false);
    expect(existsSync(printed[0] ?? "")).toBe(false);
  });
});

describe("verifying one place of many", () => {
  const file = resolve(root, "deploy/example.yaml");

  it.each([
    ["no such file", { file: "/nowhere.yaml" }, {}, "does not exist"],
    ["another stage", { file }, { stage: "prod" }, "describes the stage `example`"],
    ["another place", { file }, { region: "eu-west-1" }, "names no place in 111122223333 in eu-west-1"],
  ])("with %s is refused before anything is asked", async (_, options, over, fault) => {
    const { at, printed } = place(over);
    await expect(verifyPlace(options, at)).rejects.toMatchObject({
      name: "InputError",
      message: expect.stringContaining(fault),
    });
    expect(printed).toEqual([]);
  });

  it("is refused where the environment sends calls elsewhere", async () => {
    vi.stubEnv("AWS_ENDPOINT_URL_STS", "http://127.0.0.1:1");
    await expect(verifyPlace({ file }, place().at)).rejects.toThrow("AWS_ENDPOINT_URL_STS is set");
  });

  it("asks as the place, and reports what it finds as the command does", async () => {
    const { at, printed } = place();
    const access = { ...at.access, endpointUrl: "http://127.0.0.1:1" };
    expect(await verifyPlace({ file, canary: false, json: true }, { ...at, access })).toBe(false);
    expect(printed.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({ kind: "check", subject: "account", verdict: expect.stringMatching(/bad|unknown/) }),
    ]);
  });
});
