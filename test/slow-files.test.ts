import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { slowFiles } from "./slow-files.ts";

describe("the files that `npm test` leaves out", () => {
  it.each(slowFiles)("%s exists", (file) => {
    expect(existsSync(file)).toBe(true);
  });
});
