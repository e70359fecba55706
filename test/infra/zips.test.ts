import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unzipSync } from "fflate";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readCases } from "../../local/world/case-reader.ts";
import { account, callerOf, mallory, region } from "../../local/world/people.ts";
import { startWorld } from "../../local/world/start-world.ts";
import { environmentOf } from "../../local/world/template/functions.ts";
import { Template } from "../../local/world/template/template.ts";
import type { World } from "../../local/world/world.ts";
import type { FunctionName } from "../../scripts/bundle.ts";
import { packaged } from "../doubles/packaged.ts";
import { sqsRecord } from "../doubles/sqs.ts";
import { type RunningZip, runZip } from "./runtime-api.ts";

const outDir = mkdtempSync(join(tmpdir(), "reprieve-zips-"));
let world: World;
let template: Template;
let zipsIn: string;
const running: RunningZip[] = [];

beforeAll(async () => {
  const { templateFile, bundles, outDir: made } = await packaged("local");
  zipsIn = made;
  world = await startWorld({ templateFile, bundles, port: 0, slackTimeoutMs: 120_000 });
  template = new Template(templateFile, {
    account,
    region,
    queueUrl: (name) => `${world.endpoint}/${account}/${name}`,
    apiUrl: () => world.endpoint,
  });
  world.controlPlane.settings.deletionDisablesKey = false;
});
afterAll(async () => {
  await Promise.all(running.map(async (each) => await each.stop()));
  await world.stop();
  rmSync(outDir, { recursive: true });
});

/** The zip of a function, unpacked and started as Lambda would, with the environment that the template gives it. */
async function start(name: FunctionName, without?: string): Promise<RunningZip> {
  const taskRoot = join(outDir, `task-${name}-${running.length}`);
  mkdirSync(taskRoot);
  for (const [file, content] of Object.entries(unzipSync(readFileSync(join(zipsIn, `${name}.zip`)))))
    writeFileSync(join(taskRoot, file), content);
  const described = template
    .ofType("AWS::Lambda::Function")
    .find(({ properties }) => String(properties["FunctionName"]).endsWith(`-${name}`));
  const environment = environmentOf(described?.properties ?? {}, name, world);
  if (without !== undefined) delete environment[without];
  const zip = await runZip(taskRoot, String(described?.properties["Handler"]), environment);
  running.push(zip);
  return zip;
}

function deleteKey(alias: string): { readonly keyArn: string; readonly envelope: object } {
  const keyArn = world.controlPlane.seed({ alias });
  let envelope: object = {};
  world.bus.delivery = (each) => {
    envelope = each;
    return [];
  };
  const request = { KeyIdentifier: keyArn, DeleteKeyInDays: 3 };
  world.controlPlane.handle("DeleteKey", request, callerOf(mallory.accessKeyId, "test"));
  return { keyArn, envelope };
}
const stateOf = (keyArn: string) => world.controlPlane.keys().find((key) => key.KeyArn === keyArn)?.KeyState;

describe("each zip, as Lambda runs it", () => {
  it("guard brings a key back", async () => {
    const guard = await start("guard");
    const { keyArn, envelope } = deleteKey("alias/zip/guard");
    expect(await guard.invoke({ Records: [sqsRecord(JSON.stringify(envelope))] })).toEqual({ batchItemFailures: [] });
    expect(stateOf(keyArn)).toBe("CREATE_COMPLETE");
    const [found] = await readCases(world, keyArn);
    expect(found?.state?.end).toBe("key-usable");
  });

  it("sweep brings back a key that no event reported", async () => {
    const sweep = await start("sweep");
    const { keyArn } = deleteKey("alias/zip/sweep");
    expect(await sweep.invoke({})).toBeNull();
    expect(stateOf(keyArn)).toBe("CREATE_COMPLETE");
  });

  it("notify takes what happened", async () => {
    const notify = await start("notify");
    expect(await notify.invoke({ Records: [] })).toEqual({ batchItemFailures: [] });
  });

  it("approval refuses what nobody signed", async () => {
    const approval = await start("approval");
    const request = { rawPath: "/slack/interactions", headers: {}, body: "payload=x", isBase64Encoded: false };
    const event = {
      version: "2.0",
      routeKey: "POST /slack/interactions",
      ...request,
      requestContext: { http: { method: "POST" } },
    };
    expect(await approval.invoke(event)).toMatchObject({ statusCode: 401 });
  });

  it("says at its start what is missing in its environment", async () => {
    const guard = await start("guard", "CASES_TABLE");
    await expect(guard.invoke({ Records: [] })).rejects.toThrow("CASES_TABLE is not set");
  });
});
