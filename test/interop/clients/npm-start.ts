import { spawn } from "node:child_process";
import { resolve } from "node:path";
import { root } from "../../../scripts/bundle.ts";

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
  let output = "";
  const exited = new Promise<void>((done) => child.once("exit", () => done()));
  const endpoint = await new Promise<string>((ready, failed) => {
    const read = (chunk: Buffer) => {
      output += chunk.toString();
      // biome-ignore lint/suspicious/noControlCharactersInRegex: colors of a terminal
      const [, url] = /endpoint\s+(http:\/\/[\d.:]+)/.exec(output.replaceAll(/\u001b\[\d+m/g, "")) ?? [];
      if (url !== undefined) ready(url);
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    void exited.then(() => failed(new Error(`npm start ended: ${output}`)));
  });
  const stop = async () => {
    child.kill("SIGTERM");
    await exited;
  };
  return { endpoint, stop };
}
