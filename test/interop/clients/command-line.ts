import { setTimeout as pause } from "node:timers/promises";
import { region } from "../../../local/world/people.ts";
import { runProgram } from "../cache.ts";
import { type Check, equal } from "../part.ts";

interface Key {
  readonly KeyArn: string;
  readonly KeyState: string;
  readonly Enabled: boolean;
}

/** Deletes a key by its alias with the AWS command line, as `npm start` tells its reader to, and waits until it is usable again. */
export async function commandLineChecks(aws: string, endpoint: string, accessKeyId: string): Promise<readonly Check[]> {
  const env = {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: "local",
    AWS_DEFAULT_REGION: region,
    AWS_MAX_ATTEMPTS: "10",
    AWS_RETRY_MODE: "standard",
  };
  const call = async (...args: readonly string[]) => {
    const ran = await runProgram(
      aws,
      ["--endpoint-url", endpoint, "--output", "json", "payment-cryptography", ...args],
      { env },
    );
    return { ...ran, answer: ran.status === 0 ? (JSON.parse(ran.stdout || "{}") as { Key?: Key; Keys?: Key[] }) : {} };
  };
  const key = ["--key-identifier", "alias/prod/cvk-2"];
  const deleted = await call("delete-key", ...key, "--delete-key-in-days", "3");
  const back = await untilUsable(async () => (await call("get-key", ...key)).answer.Key);
  const restored = await call("restore-key", ...key);
  const listed = await call("list-keys", "--key-state", "CREATE_COMPLETE");
  return [
    equal("aws delete-key: schedules the deletion", deleted.answer.Key?.KeyState, "DELETE_PENDING"),
    equal("aws get-key: the guard brought the key back", back, ["CREATE_COMPLETE", true]),
    equal("aws restore-key of a key that is not pending", codeIn(restored.stderr), "ValidationException"),
    equal("aws list-keys: all eleven keys", listed.answer.Keys?.length, 11),
  ];
}

/** The error's code, as the command line prints it. */
function codeIn(stderr: string): string {
  return /\((\w+)\) when calling/.exec(stderr)?.[1] ?? stderr;
}

/** Polls for two minutes; returns the last state. */
async function untilUsable(read: () => Promise<Key | undefined>): Promise<readonly unknown[]> {
  let state: readonly unknown[] = [];
  for (let tries = 0; tries < 60; tries += 1) {
    const key = await read();
    state = [key?.KeyState, key?.Enabled];
    if (key?.KeyState === "CREATE_COMPLETE" && key.Enabled) break;
    await pause(1_000);
  }
  return state;
}
