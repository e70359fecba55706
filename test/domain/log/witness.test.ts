import { createPrivateKey, sign } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkpointText } from "../../../lib/domain/log/checkpoint.ts";
import { leafHash } from "../../../lib/domain/log/hash.ts";
import { consistencyProof, leafRange } from "../../../lib/domain/log/proofs.ts";
import { readVerifierKey, verifierKey } from "../../../lib/domain/log/verifier-key.ts";
import { cosignRequestText, judgeCosign, readCosignRequest } from "../../../lib/domain/log/witness.ts";
import { vectors } from "./vectors.ts";

const [logKey, otherKey] = [readVerifierKey(vectors.ed25519.vkey), readVerifierKey(vectors.ecdsa_p256.vkey)];
if (logKey === undefined || otherKey === undefined) throw new Error("vectors are not readable");
const seed = Buffer.from(vectors.ed25519.seed_hex, "hex");
const privateKey = createPrivateKey({
  key: Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), seed]),
  format: "der",
  type: "pkcs8",
});
const leaves = leafRange(vectors.entries.map((entry) => leafHash(entry)));
const headOf = (size: number) => ({ size, root: leaves.root(0, size) });

/** A request to cosign the tree `checkpoint`, signed by the log. */
function requestFor(
  oldSize: number,
  checkpoint = headOf(3),
  proof = consistencyProof(leaves, oldSize, checkpoint.size),
) {
  const text = checkpointText({ origin: vectors.origin, ...checkpoint });
  const bytes = Buffer.concat([Buffer.from(vectors.ed25519.keyId, "hex"), sign(null, Buffer.from(text), privateKey)]);
  const note = `${text}\n\u2014 ${vectors.origin} ${bytes.toString("base64")}\n`;
  const request = readCosignRequest(cosignRequestText(oldSize, proof, note));
  if (request === undefined) throw new Error("the request is not readable");
  return request;
}

describe("a request to cosign", () => {
  it("reads the published one, and makes it byte for byte", () => {
    const request = readCosignRequest(vectors.add_checkpoint_request);
    expect(request).toMatchObject({ oldSize: 2, checkpoint: { size: 3, origin: vectors.origin } });
    const note = vectors.add_checkpoint_request.split("\n\n").slice(1).join("\n\n");
    expect(cosignRequestText(2, request?.proof ?? [], note)).toBe(vectors.add_checkpoint_request);
    expect(request && judgeCosign(request, [logKey], headOf(2))).toEqual({ status: 200, head: headOf(3) });
  });

  it.each([
    ["no size", vectors.add_checkpoint_request.replace("old 2", "old -2")],
    ["a size with a leading zero", vectors.add_checkpoint_request.replace("old 2", "old 02")],
    ["a hash that is cut", vectors.add_checkpoint_request.replace("y4X0", "y4")],
    [
      "64 hashes",
      vectors.add_checkpoint_request.replace(
        "\ny4X",
        `\n${"y4X0WRcR0mKiyN6oHls57YIR2a4qzPfqAw6gKSULgtI=\n".repeat(63)}y4X`,
      ),
    ],
    ["no note", "old 2\n\n"],
    ["nothing", ""],
  ])("is not one with %s", (_name, body) => {
    expect(readCosignRequest(body)).toBeUndefined();
  });

  it("never throws, whatever the body", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), (body) => void readCosignRequest(`old 2\n\n${body}`)));
  });
});

describe("a witness", () => {
  it("cosigns the first checkpoint of a log that it knows by its key", () => {
    expect(judgeCosign(requestFor(0), [logKey], undefined)).toEqual({ status: 200, head: headOf(3) });
  });

  it("cosigns the same checkpoint again after a lost answer", () => {
    expect(judgeCosign(requestFor(3), [logKey], headOf(3))).toMatchObject({ status: 200 });
  });

  it.each([
    ["a log that it does not know", () => judgeCosign(requestFor(0), [], undefined), 404, "unknown-log"],
    [
      "a log whose name another key has",
      () => judgeCosign(requestFor(0), [otherKey], undefined),
      403,
      "not-signed-by-the-log",
    ],
    [
      "an old size above the new one",
      () => judgeCosign({ ...requestFor(3), oldSize: 4 }, [logKey], headOf(3)),
      400,
      "old-size-is-larger",
    ],
    ["an old size that is not its own", () => judgeCosign(requestFor(1), [logKey], headOf(2)), 409, "other-size"],
    ["a log that lost an entry", () => judgeCosign(requestFor(2, headOf(2)), [logKey], headOf(3)), 409, "other-size"],
    [
      "another tree of the same size",
      () => judgeCosign(requestFor(3, { size: 3, root: leafHash("x") }, []), [logKey], headOf(3)),
      409,
      "inconsistent",
    ],
    [
      "a fork",
      () => judgeCosign(requestFor(2, { size: 3, root: leafHash("x") }), [logKey], headOf(2)),
      422,
      "inconsistent",
    ],
  ])("refuses %s", (_name, judge, status, why) => {
    expect(judge()).toMatchObject({ status, why });
  });

  it("refuses a note with a true and a false signature of the log's key", () => {
    const request = requestFor(0);
    const [first] = request.note.signatures;
    if (first === undefined) throw new Error("the note is not signed");
    const forged = { ...first, bytes: Buffer.alloc(64) };
    const note = { ...request.note, signatures: [first, forged] };
    expect(judgeCosign({ ...request, note }, [logKey], undefined)).toMatchObject({ status: 403 });
  });

  it("names its own size, so that the next request begins there", () => {
    expect(judgeCosign(requestFor(1), [logKey], headOf(2))).toMatchObject({ size: 2 });
  });

  it("takes the id of a key from its bytes, not from its name alone", () => {
    const forged = verifierKey(vectors.origin, "ed25519", Buffer.alloc(32, 7));
    expect(judgeCosign(requestFor(0), [forged], undefined)).toMatchObject({ status: 403 });
  });
});
