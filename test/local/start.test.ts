import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import {
  DeleteKeyCommand,
  GetKeyCommand,
  ListKeysCommand,
  PaymentCryptographyClient,
  StopKeyUsageCommand,
} from "@aws-sdk/client-payment-cryptography";
import { afterAll, describe, expect, it } from "vitest";
import { runningWorlds, worldsFolder } from "../../cli/stack/local-world.ts";
import { root } from "../../scripts/bundle.ts";

// Worlds announce themselves in the temporary folder, and the tests of the command must not find these.
const ownTemporary = mkdtempSync(join(tmpdir(), "reprieve-start-"));
afterAll(() => rmSync(ownTemporary, { recursive: true, force: true }));

/** `npm start` as a process, with all it printed; plain text, also where the surroundings force colours. */
function start({ args, env = {} }: { readonly args: readonly string[]; readonly env?: Record<string, string> }) {
  const child = spawn(process.execPath, [resolve(root, "local/start.ts"), ...args], {
    cwd: root,
    env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: undefined, TMPDIR: ownTemporary, ...env },
  });
  const printed = { out: "", err: "" };
  child.stdout.on("data", (chunk) => (printed.out += String(chunk)));
  child.stderr.on("data", (chunk) => (printed.err += String(chunk)));
  const ended = new Promise<number | null>((done) => child.once("close", done));
  /** What `pattern` finds once it is printed. Rejects should the process end before. */
  const found = async (pattern: RegExp) =>
    await new Promise<string>((resolve, reject) => {
      const look = () => {
        const match = pattern.exec(printed.out);
        if (match !== null) resolve(match[1] ?? match[0]);
      };
      child.stdout.on("data", look);
      child.once("close", () => reject(new Error(`ended without ${pattern}: ${printed.err}`)));
      look();
    });
  return { child, printed, ended, found };
}

const credentials = { accessKeyId: "AKIANOBODY", secretAccessKey: "x" };

/** Returns the names of the errors that `calls` calls made at once meet, each without a second try. */
async function errorsOfBurst(endpoint: string, calls: number): Promise<readonly string[]> {
  const client = new PaymentCryptographyClient({ endpoint, region: "us-east-1", credentials, maxAttempts: 1 });
  const names = await Promise.all(
    Array.from({ length: calls }, async () => {
      const answer = client.send(new ListKeysCommand({}));
      return await answer.then(() => []).catch((error: Error) => [error.name]);
    }),
  );
  client.destroy();
  return [...new Set(names.flat())];
}

describe("npm start", () => {
  it("prints an endpoint, tells what happens to a key deleted there, and ends when told to", async () => {
    const { child, printed, ended, found } = start({ args: ["--port", "0"] });
    const endpoint = await found(/endpoint {2}(http:\/\/127\.0\.0\.1:\d+)/);
    const client = new PaymentCryptographyClient({ endpoint, region: "us-east-1", credentials });
    await client.send(new DeleteKeyCommand({ KeyIdentifier: "alias/prod/cvk-1" }));
    await found(/key usable again after/);
    expect(await errorsOfBurst(endpoint, 30)).toEqual(["ThrottlingException"]);
    client.destroy();
    expect(printed.out).toContain("deletion detected, requested by you");
    const page = /console {3}(http:\/\/127\.0\.0\.1:\d+)/.exec(printed.out)?.[1] ?? "";
    expect(await (await fetch(page)).text()).toContain("<title>reprieve console</title>");
    child.kill("SIGTERM");
    expect([await ended, printed.err]).toEqual([0, ""]);
  });

  it("undoes a stop of its first minutes, and tells what happens to the key", async () => {
    const { child, printed, ended, found } = start({ args: ["--port", "0"] });
    const endpoint = await found(/endpoint {2}(http:\/\/127\.0\.0\.1:\d+)/);
    const client = new PaymentCryptographyClient({ endpoint, region: "us-east-1", credentials });
    await client.send(new StopKeyUsageCommand({ KeyIdentifier: "alias/prod/cvk-1" }));
    await found(/alias\/prod\/cvk-1 +the change was undone/);
    const { Key } = await client.send(new GetKeyCommand({ KeyIdentifier: "alias/prod/cvk-1" }));
    client.destroy();
    expect(Key?.Enabled).toBe(true);
    expect(printed.out).toContain("rule stopped-keys-are-started has it undone");
    child.kill("SIGTERM");
    expect([await ended, printed.err]).toEqual([0, ""]);
  });

  it("starts the world again when the page asks for it: at the same addresses, as it was at first", async () => {
    const { child, printed, ended, found } = start({ args: ["--port", "0"] });
    const endpoint = await found(/endpoint {2}(http:\/\/127\.0\.0\.1:\d+)/);
    const page = await found(/console {3}(http:\/\/127\.0\.0\.1:\d+)/);
    const client = new PaymentCryptographyClient({ endpoint, region: "us-east-1", credentials });
    await client.send(new DeleteKeyCommand({ KeyIdentifier: "alias/test/terminal-1" }));
    const headers = { "content-type": "application/json" };
    await fetch(`${page}/act/reset`, { method: "POST", headers, body: "{}" });
    await found(/the world was started again/);
    const { Key } = await client.send(new GetKeyCommand({ KeyIdentifier: "alias/test/terminal-1" }));
    expect(Key).toMatchObject({ KeyState: "CREATE_COMPLETE", Enabled: true });
    expect(await (await fetch(page)).text()).toContain("<title>reprieve console</title>");
    client.destroy();
    child.kill("SIGTERM");
    expect([await ended, printed.err]).toEqual([0, ""]);
  });

  it("says when its port is taken, and how to choose another", async () => {
    const taken = createServer();
    await new Promise<void>((listening) => taken.listen(0, "127.0.0.1", listening));
    const address = taken.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const { printed, ended } = start({ args: ["--port", String(port)] });
    expect([await ended, printed.err.trim()]).toEqual([
      1,
      `port ${port} is in use; choose another: npm start -- --port ${port + 3}`,
    ]);
    taken.close();
  });

  it.each<[string[], string]>([
    [["--port", "http"], "expected --port with a number from 0 to 65533, found `http`"],
    [["--port", "70000"], "expected --port with a number from 0 to 65533, found `70000`"],
    [["--fast"], "unknown option `--fast`"],
    [["now"], "unexpected argument `now`"],
  ])("says what is wrong with %j, and its usage", async (args, fault) => {
    const { printed, ended } = start({ args });
    expect(await ended).toBe(2);
    const [first = "", , third = ""] = printed.err.split("\n");
    expect([first, third]).toEqual([expect.stringContaining(fault), expect.stringMatching(/^usage: npm start/)]);
  });

  it("says in one line that its files have no room", async () => {
    const { printed, ended } = start({ args: ["--port", "0"], env: { TMPDIR: "/proc/none" } });
    expect([await ended, printed.err.trim().split("\n")]).toEqual([1, [expect.stringContaining("TMPDIR")]]);
  });

  it("needs no HOME and no terminal, says so, and says that a policy only observes", async () => {
    const policy = resolve(root, "policy/policy.yaml");
    const { child, printed, ended, found } = start({
      args: ["--port", "0", "--policy", policy],
      env: { HOME: "/proc/none", XDG_CONFIG_HOME: "/proc/none" },
    });
    await found(/deleted keys are NOT restored/);
    expect(printed.out).toContain("No terminal: keys to press are off");
    expect(runningWorlds(join(ownTemporary, basename(worldsFolder))).map(({ pid }) => pid)).toContain(child.pid);
    child.kill("SIGTERM");
    expect([await ended, printed.err]).toEqual([0, ""]);
    expect(runningWorlds(join(ownTemporary, basename(worldsFolder))).map(({ pid }) => pid)).not.toContain(child.pid);
  });
});
