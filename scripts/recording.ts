/** Records the terminal session of the README again, and draws it. With `--draw` it only draws the session on record. */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { optionsOrUsage } from "./options.ts";
import { pictureFile, readSession, recordAgain, sessionFile } from "./recording/session.ts";
import { terminalSvg } from "./recording/terminal-svg.ts";

const usage = `usage: npm run recording [-- --draw]

  --draw   draw the session on record, without running its command`;

const { draw } = optionsOrUsage(usage, () => parseArgs({ options: { draw: { type: "boolean" } } }).values);
const session = draw === true ? readSession() : recordAgain(readSession());
writeFileSync(sessionFile, `${JSON.stringify(session, null, 2)}\n`);
writeFileSync(pictureFile, terminalSvg(session));
