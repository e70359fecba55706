import { probesOf } from "../../../cli/doctor/probes.ts";
import { createSignIn } from "../../../cli/places/sign-in.ts";
import { run } from "../../../cli/run.ts";
import { keysOf } from "../../../cli/scan/scan-keys.ts";
import { aliasTargetOf } from "../../../cli/stack/alias-target.ts";
import { invokeSweep } from "../../../cli/stack/invoke-sweep.ts";
import { readLogFiles } from "../../../cli/trail/log-source.ts";
import { readTrails } from "../../../cli/trail/trail-source.ts";
import { type Person, region } from "../../world/people.ts";
import type { World } from "../../world/world.ts";

/** The reprieve command with the credentials of `person`, against the stack of this world; answers its exit status. */
export async function reprieveAs(world: World, person: Person, args: readonly string[]): Promise<number> {
  const { endpoint, clock, tableName } = world;
  return await run(args, {
    version: "local",
    endpoint,
    region,
    trails: () => readTrails({ table: tableName, region, endpoint }),
    logFiles: (stack) => readLogFiles(stack),
    aliasTarget: aliasTargetOf,
    probes: async (stack) => probesOf(stack),
    health: async () => await Promise.reject(new Error("the local world is looked at by its own tests")),
    consoleTools: async () => await Promise.reject(new Error("a world has a console of its own")),
    deploymentTools: async () => await Promise.reject(new Error("nothing is deployed from here")),
    keys: async (place) =>
      keysOf(
        place,
        () => clock.now(),
        async (ms) => await clock.sleep(ms),
      ),
    invokeSweep,
    releaseFolder: "",
    signIn: async () => createSignIn(),
    timer: () => () => {},
    pause: async (ms) => await clock.sleep(ms),
    progress: () => {},
    credentials: async () => ({ accessKeyId: person.accessKeyId, secretAccessKey: "local" }),
    clock: () => clock.now(),
    fetch,
    colours: false,
    print: () => {},
    printError: () => {},
  });
}
