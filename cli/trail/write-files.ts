import { createHash, type Hash } from "node:crypto";
import { once } from "node:events";
import { createWriteStream, type WriteStream } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";

/** A file of an export, as its manifest lists it. */
export interface DescribedFile {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** Writes a small file. */
export async function writeBytes(folder: string, name: string, bytes: Uint8Array): Promise<DescribedFile> {
  await writeFile(join(folder, name), bytes);
  return { name, bytes: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex") };
}

/** A file of lines that may become large. */
export class LinesFile {
  readonly #name: string;
  readonly #stream: WriteStream;
  readonly #hash: Hash = createHash("sha256");
  #bytes = 0;
  /** What the disk reports, should nobody be waiting for it just then. */
  #failed: Error | undefined;

  constructor(folder: string, name: string) {
    this.#name = name;
    this.#stream = createWriteStream(join(folder, name)).on("error", (error) => {
      this.#failed = error;
    });
  }

  async write(line: string): Promise<void> {
    const chunk = Buffer.from(`${line}\n`);
    this.#hash.update(chunk);
    this.#bytes += chunk.length;
    // A stream that has failed reports it once, and never drains nor finishes.
    if (this.#failed !== undefined) throw this.#failed;
    if (!this.#stream.write(chunk)) await once(this.#stream, "drain");
  }

  async end(): Promise<DescribedFile> {
    if (this.#failed !== undefined) throw this.#failed;
    this.#stream.end();
    await once(this.#stream, "finish");
    return { name: this.#name, bytes: this.#bytes, sha256: this.#hash.digest("hex") };
  }
}
