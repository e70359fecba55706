import { spawn } from "node:child_process";
import { resolve } from "node:path";
import { root } from "../../../scripts/bundle.ts";
import { printed } from "../printed.ts";

/** The local world, in a process of its own. */
export interface LocalProcess {
  readonly endpoint: string;
  stop(): Promise<void>;
}

/** Runs what `npm start` runs, on free ports. Throws where it ends before it is ready. */
export async function startLocally(): Promise<LocalProcess> {
  const child = spawn(process.execPath, [resolve(root, "local/start.ts"), "--port", "0"], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const exited = new Promise<void>((done) => child.once("exit", () => done()));
  const [, endpoint = ""] = await printed(child, /endpoint\s+(http:\/\/[\d.:]+)/);
  const stop = async () => {
    child.kill("SIGTERM");
    await exited;
  };
  return { endpoint, stop };
}
