import { packaged } from "../doubles/packaged.ts";
import { compileFunctions } from "./bundle.ts";
import type { Tools } from "./play.ts";

let made: Promise<Tools> | undefined;

/** The tools of all test files of one worker, made by whichever asks first. */
export async function toolsForTests(): Promise<Tools> {
  made ??= Promise.all([packaged("local"), compileFunctions()]).then(([{ templateFile }, codes]) => {
    return { templateFile, codes };
  });
  return await made;
}
