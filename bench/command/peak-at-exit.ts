/** Loaded before a command (`node --import`): writes the memory that the process held at most, once it ends. */
import { writeSync } from "node:fs";
import { peakMegabytes } from "../peak-memory.ts";

process.on("exit", () => writeSync(2, `peak ${peakMegabytes()}\n`));
