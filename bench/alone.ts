import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/** What a way of doing something took in a process of its own. */
export interface Alone {
  readonly ms: number;
  /** Resident at most, Node included. */
  readonly megabytes: number;
}

const script = fileURLToPath(new URL("./alone-process.ts", import.meta.url));

/** Runs `way`, which `file` exports, on `folder` in a process of its own. */
export async function alone(
  file: string,
  way: { readonly name: string },
  folder: string,
  nodeFlags: readonly string[] = [],
): Promise<Alone> {
  const line = await lastLineOf([...nodeFlags, script, file, way.name, folder], process.env);
  return JSON.parse(line) as Alone;
}

/** The last line that a Node process writes to its standard error; throws what it wrote when it fails. */
export async function lastLineOf(args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  const child = spawn(process.execPath, args, { env, stdio: ["ignore", "ignore", "pipe"] });
  let output = "";
  child.stderr.setEncoding("utf8");
  child.stderr.on("data", (text: string) => {
    output += text;
  });
  const code = await new Promise<number | null>((ended) => child.once("close", ended));
  if (code !== 0) throw new Error(output.slice(-2_000));
  return output.trimEnd().split("\n").at(-1) ?? "";
}
