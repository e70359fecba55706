import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { printableText } from "../../lib/domain/printable-text.ts";
import { root } from "../bundle.ts";
import { readTextFile } from "../text-file.ts";
import { readStageFile, type StageFile } from "./stage-file.ts";

/** Returns the path of a stage's file: the one that is named, or its place in the repository. */
export function stageFileOf(stage: string, named: string | undefined): string {
  return named === undefined ? resolve(root, "deploy", `${stage}.yaml`) : resolve(named);
}

/** Reads the file of a stage, or returns every fault in it. */
export function loadStage(
  stage: string,
  path: string,
): { readonly ok: true; readonly file: StageFile } | { readonly ok: false; readonly faults: readonly string[] } {
  const failed = (...faults: readonly string[]) => ({ ok: false as const, faults });
  if (!existsSync(path)) return failed(`${path} does not exist; deploy/example.yaml explains each field`);
  let text: string;
  try {
    text = readTextFile(path);
  } catch (error) {
    return failed(`${path} cannot be read: ${printableText(String(error), 200)}`);
  }
  const read = readStageFile(text, path);
  if (!read.ok) return failed(...read.faults.map((fault) => `${path}:${fault}`));
  return read.file.stage === stage
    ? read
    : failed(`${path} describes the stage \`${read.file.stage}\`, and --stage says \`${stage}\``);
}
