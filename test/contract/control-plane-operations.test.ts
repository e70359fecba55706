import * as sdk from "@aws-sdk/client-payment-cryptography";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createPaymentKeys } from "../../lib/aws/payment-cryptography/control-plane.ts";
import {
  type ControlPlaneOperations,
  createControlPlaneOperations,
} from "../../lib/aws/payment-cryptography/operations-client.ts";
import type { GuardError } from "../../lib/domain/guard-error.ts";
import type { PaymentKeys } from "../../lib/workflows/ports/guard.ts";
import { answerFaults } from "../../local/aws/payment-cryptography/request-validation.ts";
import { modelOf, operationNames, shapes } from "../../local/aws/payment-cryptography/service-model.ts";
import { signatureOf } from "../../local/aws/sts/sig-v4.ts";
import { here, mallory } from "../../local/world/people.ts";
import { keyArn, t0 } from "../doubles/key-world.ts";
import { type ServedControlPlane, serveControlPlane } from "../doubles/served-control-plane.ts";
import type { WireRequest } from "../doubles/served-json.ts";
import { examplesFor, seedExamples } from "./every-operation.ts";

const credentials = { accessKeyId: mallory.accessKeyId, secretAccessKey: "local" };
const examples = examplesFor({
  card: keyArn("examplecardkey001"),
  pending: keyArn("examplependingkey"),
  wrapping: keyArn("examplewrapping01"),
  pair: keyArn("examplekeypair001"),
  primary: keyArn("exampleprimary001"),
});

let served: ServedControlPlane;
let client: sdk.PaymentCryptographyClient;
let operations: ControlPlaneOperations;
/** The guard's calls, over the same client. */
let keys: PaymentKeys;
let paced = 0;

beforeAll(async () => {
  served = await serveControlPlane({ ...here, now: () => t0, onRecord: () => {} });
  seedExamples(served.plane);
  client = new sdk.PaymentCryptographyClient({ endpoint: served.endpoint, ...here, credentials, maxAttempts: 1 });
  const pace = async () => {
    paced += 1;
  };
  keys = createPaymentKeys(client, pace);
  operations = createControlPlaneOperations(client, pace);
});
afterAll(async () => {
  client.destroy();
  await served.stop();
});

describe("every operation of the model", () => {
  it("has an example", () => {
    expect(examples.map(([name]) => name).toSorted()).toEqual([...operationNames].toSorted());
    expect(operationNames).toHaveLength(32);
  });

  it.each(examples)(
    "%s is signed, paced, answered as the model says, and nothing is dropped",
    async (name, input, output) => {
      const before = paced;
      const answer = await operations.call(name, input);
      expect(answer).toMatchObject(output);
      expect(paced - before).toBe(1);
      const request = served.requests.at(-1) as WireRequest;
      expect(request.headers["x-amz-target"]).toBe(`PaymentCryptographyControlPlane.${name}`);
      expect(request.headers["content-type"]).toBe("application/x-amz-json-1.0");
      expect(JSON.parse(request.body)).toEqual(input);
      expect(isSigned(request)).toBe(true);
      const sent = served.answers.at(-1)?.answer.body ?? {};
      expect(answerFaults(name, sent)).toEqual([]);
      expect(JSON.parse(JSON.stringify(answer), timesAsSeconds)).toEqual(sent);
    },
  );
});

/** Checks the signature by code that is not the SDK's. */
function isSigned({ headers, body, path }: WireRequest): boolean {
  const form =
    /Credential=([^/]+)\/(\d{8})\/us-east-1\/payment-cryptography\/aws4_request, SignedHeaders=([^,]+), Signature=(\w+)/;
  const [, accessKeyId = "", date = "", names = "", signature] = form.exec(String(headers.authorization)) ?? [];
  const flat = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
  const scope = { accessKeyId, date, region: "us-east-1", service: "payment-cryptography" };
  const arrived = { method: "POST", path, query: "", headers: flat, body };
  return signatureOf(arrived, names.split(";"), scope, "local") === signature;
}

/** What the client made dates of, as the wire has it. */
function timesAsSeconds(name: string, value: unknown): unknown {
  return /(Timestamp|Date)$/.test(name) ? Date.parse(String(value)) / 1000 : value;
}

describe("the operations that the installed SDK has", () => {
  const commands = sdk as unknown as Record<string, new (input: object) => sdk.GetKeyCommand>;
  const known = examples.filter(([name]) => commands[`${name}Command`] !== undefined);

  it("are twenty", () => {
    expect(known).toHaveLength(20);
  });

  it.each(known)("%s goes over the wire as the SDK's own command sends it", async (name, input) => {
    const Command = commands[`${name}Command`];
    if (Command === undefined) throw new Error(name);
    await client.send(new Command(input)).catch(() => {});
    await operations.call(name, input).catch(() => {});
    const [bySdk, here] = served.requests.slice(-2).map(({ headers, body, path }) => {
      const { "x-amz-target": target, "content-type": type, host } = headers;
      return { target, type, host, body, path };
    });
    expect(here).toEqual(bySdk);
  });
});

/** The code of a failed call, and the name of the service's error behind it. */
async function failure(call: Promise<unknown>): Promise<readonly unknown[]> {
  const error = await call.then(() => undefined).catch((thrown: unknown) => thrown as GuardError);
  return [error?.code, (error?.cause as Error | undefined)?.name];
}

describe("an error", () => {
  const codes = [
    ["AccessDeniedException", 400, "ACCESS_DENIED"],
    ["ConflictException", 400, "CONTROL_PLANE_REFUSED"],
    ["PublicPolicyException", 400, "CONTROL_PLANE_REFUSED"],
    ["ResourceNotFoundException", 400, "CONTROL_PLANE_REFUSED"],
    ["ServiceQuotaExceededException", 400, "CONTROL_PLANE_REFUSED"],
    ["ValidationException", 400, "CONTROL_PLANE_REFUSED"],
    ["InternalServerException", 500, "CONTROL_PLANE_UNAVAILABLE"],
    ["ServiceUnavailableException", 503, "CONTROL_PLANE_UNAVAILABLE"],
    ["ThrottlingException", 400, "CONTROL_PLANE_UNAVAILABLE"],
    ["UnknownOperationException", 404, "CONTROL_PLANE_UNAVAILABLE"],
  ] as const;

  it("of the model has a line in the table", () => {
    const modelled = new Set(operationNames.flatMap((name) => modelOf(name).errors));
    expect([...modelled].filter((name) => !codes.some(([known]) => known === name))).toEqual([]);
  });

  it.each(codes)("%s (%i) is %s, by a new operation as by the SDK's", async (name, status, code) => {
    const body = { __type: name, Message: "no" };
    served.answerNext({ status, body });
    const asked = operations.call("GetResourcePolicy", { ResourceArn: keyArn("examplecardkey001") });
    expect(await failure(asked)).toEqual([code, name]);
    served.answerNext({ status, body });
    expect(await failure(keys.tags(keyArn("examplecardkey001")))).toEqual([code, name]);
  });
});

describe("the pace", () => {
  it("is one for all calls of a client, old and new", async () => {
    const before = paced;
    await keys.aliases(keyArn("examplecardkey001"));
    await operations.call("GetDefaultKeyReplicationRegions", {});
    await keys.observe(keyArn("examplecardkey001"));
    expect(paced - before).toBe(3);
  });
});

describe("a client that the guard's calls never used", () => {
  it("keeps the pace as well, at every attempt", async () => {
    let waits = 0;
    const own = new sdk.PaymentCryptographyClient({ endpoint: served.endpoint, ...here, credentials, maxAttempts: 2 });
    const alone = createControlPlaneOperations(own, async () => {
      waits += 1;
    });
    served.answerNext({ status: 503, body: { __type: "ServiceUnavailableException" } });
    await alone.call("GetDefaultKeyReplicationRegions", {});
    expect(waits).toBe(2);
    own.destroy();
  });
});

describe("times", () => {
  it("are the members that the client makes dates of, and no others", () => {
    const members = Object.values(shapes).flatMap(({ members = {} }) => Object.entries(members));
    const times = members.filter(([, { shape }]) => shapes[shape]?.type === "timestamp").map(([name]) => name);
    const named = members.map(([name]) => name).filter((name) => /(Timestamp|InitiationDate)$/.test(name));
    expect(times.toSorted()).toEqual(named.toSorted());
  });
});
