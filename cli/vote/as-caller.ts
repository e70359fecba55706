import type { Command } from "commander";
import { localEndpoint } from "../stack/local-world.ts";

export interface CallerOptions {
  readonly reason?: string;
  readonly endpoint?: string;
  readonly region?: string;
  readonly stage?: string;
  readonly stsUrl?: string;
  readonly local?: true;
  readonly json?: true;
}

/** `command` with the options of anyone who says something in the name of their AWS credentials. */
export function asCaller(command: Command): Command {
  return command
    .option("--reason <text>", "why, up to 500 characters; it goes on record")
    .option("--endpoint <url>", "where the stack listens (default: REPRIEVE_ENDPOINT)")
    .option("--region <region>", "region of the stack (default: the region of the key, or AWS_REGION)")
    .option("--stage <stage>", "the stage whose cases are searched for a case named in short (default: dev)")
    .option("--sts-url <url>", "sign for this STS, such as one on this machine (default: the region's own)")
    .option(
      "--local",
      `the local world of npm start (${localEndpoint}), which is its own STS, on whichever port it runs`,
    )
    .option("--json", "answer with one JSON object")
    .addHelpText("after", "\nYou speak in the name of your AWS credentials: the stack asks STS who that is.");
}
