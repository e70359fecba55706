import { alone } from "./alone.ts";
import type { Effort } from "./bench.ts";
import { compared, measured, type Result, type Target } from "./result.ts";

type Way = (folder: string) => Promise<void> | void;

interface Comparison {
  /** The file that exports both ways. */
  readonly file: string;
  readonly folder: string;
  readonly name: string;
  readonly way: Way;
  readonly floor: Way;
  readonly against: string;
  readonly target: Target;
  readonly memoryTarget?: Target;
  readonly rounds: number;
}

/** Rounds of the floor and of our way, alternating, each in a process of its own; and the most memory that ours took. */
export async function compareWithFloor(
  { file, folder, name, way, floor, against, target, memoryTarget, rounds }: Comparison,
  { progress }: Effort,
): Promise<readonly Result[]> {
  const [ours, other]: [number[], number[]] = [[], []];
  let most = 0;
  for (let round = 1; round <= rounds; round++) {
    progress(`${name}: round ${round} of ${rounds}`);
    other.push((await alone(file, floor, folder)).ms / 1000);
    const { ms, megabytes } = await alone(file, way, folder);
    ours.push(ms / 1000);
    most = Math.max(most, megabytes);
  }
  return [
    compared({ name, unit: "s", against, target }, ours, other),
    measured({ name: `${name}: peak memory`, unit: "MB", ...(memoryTarget && { target: memoryTarget }) }, [most]),
  ];
}
