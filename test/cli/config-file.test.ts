import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { CliContext } from "../../cli/context.ts";
import { run } from "../../cli/run.ts";
import { readConfig } from "../../cli/shell/config-file.ts";
import { InputError } from "../../cli/shell/input-error.ts";

const folder = mkdtempSync(join(tmpdir(), "reprieve-config-"));
afterAll(() => rmSync(folder, { recursive: true }));

let made = 0;
/** A repository in a folder that holds a config file of its own, with `text` as the repository's. */
function repository(text?: string) {
  made += 1;
  const outer = join(folder, `outer-${made}`);
  const root = join(outer, "repository");
  mkdirSync(join(root, ".git"), { recursive: true });
  mkdirSync(join(root, "deep/er"), { recursive: true });
  writeFileSync(join(outer, "reprieve.yaml"), "stage: stranger\n");
  if (text !== undefined) writeFileSync(join(root, "reprieve.yaml"), text);
  return { root, deep: join(root, "deep/er") };
}

describe("the config file", () => {
  it("is found above the folder, up to the repository and no further", async () => {
    expect(await readConfig([], repository("stage: prod\nregion: eu-west-1\n").deep)).toEqual({
      stage: "prod",
      region: "eu-west-1",
    });
    expect(await readConfig([], repository().deep)).toEqual({});
  });

  it("is the one that --config names, wherever it stands among the arguments", async () => {
    const { root, deep } = repository("stage: prod\n");
    writeFileSync(join(root, "other.yaml"), "stage: other\n");
    for (const args of [
      ["cases", "list", "--config", "../../other.yaml"],
      ["--config=../../other.yaml", "doctor"],
    ])
      expect(await readConfig(args, deep)).toEqual({ stage: "other" });
    await expect(readConfig(["--config", "none.yaml"], deep)).rejects.toThrow(
      `\`${join(deep, "none.yaml")}\` cannot be read`,
    );
  });

  it.each([
    ["an unknown field", "stages: prod\n", "there is no field stages"],
    ["a malformed stage", "stage: Prod\n", "stage: expected a stage such as prod"],
    ["a malformed region", "region: europe\n", "region: expected a region"],
    ["a malformed endpoint", "endpoint: api\n", "endpoint: expected the URL"],
    ["a list", "- prod\n", "expected fields: stage, region, endpoint"],
    ["no YAML", "stage: [\n", "2:1 "],
  ])("with %s is refused by name", async (_, text, message) => {
    const reading = readConfig([], repository(text).deep);
    await expect(reading).rejects.toBeInstanceOf(InputError);
    await expect(reading).rejects.toThrow(message);
  });

  it("may be empty", async () => expect(await readConfig([], repository("# nothing yet\n").deep)).toEqual({}));
});

describe("where a command works", () => {
  async function placeOf(text: string, args: readonly string[], changes: Partial<CliContext> = {}) {
    const places: object[] = [];
    const context: Partial<CliContext> = {
      ...{ version: "0.1.0", colours: false, region: "", endpoint: undefined, folder: repository(text).deep },
      trails: async function* (from) {
        places.push(from);
        yield* [];
      },
      print: () => {},
      printError: () => {},
      ...changes,
    };
    expect(await run(["cases", "list", ...args], context as CliContext)).toBe(0);
    return places[0];
  }
  const file = "stage: prod\nregion: eu-west-1\n";

  it("is the config file's place, unless the environment or an option names another", async () => {
    expect(await placeOf(file, [])).toMatchObject({ stage: "prod", region: "eu-west-1" });
    expect(await placeOf(file, [], { region: "eu-north-1" })).toMatchObject({ stage: "prod", region: "eu-north-1" });
    expect(await placeOf(file, ["--stage", "test"])).toMatchObject({ stage: "test", region: "eu-west-1" });
    expect(await placeOf("", [])).toMatchObject({ stage: "dev", region: "us-east-1" });
  });

  it("is the local world's own with --local, whatever the file says", async () => {
    expect(await placeOf(file, ["--local"])).toMatchObject({ stage: "dev", region: "us-east-1" });
  });
});
