import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Call } from "../../../lib/domain/operations/call.ts";
import { membersOf } from "../../../lib/domain/operations/call.ts";
import { operationOf, operations } from "../../../lib/domain/operations/registry.ts";
import { stateText } from "../../../lib/domain/operations/state.ts";

function callOf(file: string): { readonly call: Call; readonly isServiceEvent: boolean } {
  const { detail } = JSON.parse(readFileSync(`events/changes/${file}.json`, "utf8"));
  const { eventName, eventType, requestParameters, responseElements, serviceEventDetails } = detail;
  return {
    call: {
      name: eventName,
      parameters: membersOf(requestParameters),
      answer: membersOf(responseElements),
      details: membersOf(serviceEventDetails),
    },
    isServiceEvent: eventType === "AwsServiceEvent",
  };
}
const arn = "arn:aws:payment-cryptography:us-east-1:111122223333:key/kwapwa6qaifllw2h";
const key = { kind: "key", keyArn: arn };
const other = "arn:aws:payment-cryptography:us-east-1:111122223333:key/testterminal0001";

describe("the record of a call", () => {
  it.each([
    ["stop-key-usage", "stop", { subject: key, after: "stopped" }],
    ["update-alias", "alias", { subject: { kind: "alias", alias: "alias/prod/cvk-2" }, after: other }],
    ["delete-alias", "alias", { subject: { kind: "alias", alias: "alias/prod/cvk-2" }, after: "none" }],
    ["tag-resource", "labels", { subject: key, details: { tag: ["Environment"] } }],
    ["untag-resource", "labels", { subject: key, details: { tag: ["Environment"] } }],
    ["create-alias", "labels", { subject: key, details: { alias: ["alias/test/x"] } }],
    ["delete-resource-policy", "resource-policy", { subject: key, after: "none" }],
    ["put-resource-policy", "resource-policy", { subject: key }],
    ["remove-key-replication-regions", "replication", { subject: key, details: { region: ["us-west-2"] } }],
    [
      "disable-default-key-replication-regions",
      "default-regions",
      { subject: { kind: "account" }, details: { region: ["us-west-2"] } },
    ],
    [
      "export-key",
      "export",
      { subject: key, details: { format: ["tr31KeyBlock"], whole: ["true"], wrappingKey: [other] } },
    ],
    ["import-key-approved", "import", { subject: key, details: { approval: ["APPROVED"] } }],
    ["import-key-failed", "import", { subject: key, details: { approval: ["FAILED"] } }],
    ["synchronize-multi-region-key-event", "replication", { subject: key }],
    [
      "disassociate-mpa-team",
      "approval-team",
      {
        subject: { kind: "account" },
        details: { team: ["arn:aws:mpa:us-east-1:111122223333:approval-team/custodians"], state: ["DELETE_PENDING"] },
      },
    ],
  ])("%s is the operation %s", (file, name, expected) => {
    const { call, isServiceEvent } = callOf(file);
    const operation = operationOf(call.name, isServiceEvent);
    expect(operation?.name).toBe(name);
    expect(operation?.read(call)).toMatchObject(expected);
  });

  it("of a policy is compared as a document, whatever its text looks like", () => {
    const { call } = callOf("put-resource-policy");
    const operation = operationOf("PutResourcePolicy");
    const document = JSON.parse(String(call.parameters["policy"]));
    const reordered = JSON.stringify(Object.fromEntries(Object.entries(document).reverse()), null, 2);
    const [one, two] = [call, { ...call, parameters: { ...call.parameters, policy: reordered } }].map(
      (each) => operation?.read(each)?.after,
    );
    expect(one && stateText(one)).toBe(two && stateText(two));
  });

  it.each(["", "{", "[]", "HIDDEN_DUE_TO_SECURITY_REASONS", "x".repeat(50_000), '{"Statement":[1]}'])(
    "tells no state of a policy that CloudTrail hid or cut: %.20s",
    (policy) => {
      const { call } = callOf("put-resource-policy");
      const read = operationOf("PutResourcePolicy")?.read({ ...call, parameters: { ...call.parameters, policy } });
      expect(read).toEqual({ subject: key });
    },
  );

  it("never makes an operation throw, and never leads to a subject that is no key, alias or account", () => {
    const members = fc.dictionary(
      fc.oneof(
        fc.constantFrom("keyArn", "resourceArn", "keyIdentifier", "aliasName", "tags", "tagKeys", "key", "alias"),
        fc.constantFrom("policy", "replicationRegions", "keyMaterial", "exportKeyIdentifier", "wrappedKey"),
      ),
      fc.oneof(
        fc.jsonValue(),
        fc.constantFrom(arn, "alias/a", `${arn}#1`, "account", "alias/a#b") as fc.Arbitrary<unknown>,
      ),
    );
    const before = fc.option(fc.oneof(fc.constantFrom("none", "enabled", arn), fc.constant(null)), { nil: undefined });
    fc.assert(
      fc.property(
        fc.constantFrom(...operations),
        members,
        members,
        members,
        before,
        (operation, parameters, answer, details, state) => {
          for (const name of operation.calls) {
            const change = operation.read({ name, parameters, answer, details });
            if (change === undefined) continue;
            const text =
              "keyArn" in change.subject
                ? change.subject.keyArn
                : "alias" in change.subject
                  ? change.subject.alias
                  : "account";
            expect(text).toMatch(/^(arn:aws:payment-cryptography:|alias\/[\w/-]+$|account$)/);
            expect(text).not.toContain("#");
            const after = change.after ?? (state === undefined ? undefined : change.afterFrom?.(state));
            const seen = {
              change,
              call: name,
              at: 0,
              related: {},
              ...(state !== undefined && { before: state }),
              ...(after !== undefined && { after }),
            };
            expect(["routine", "notable", "grave"]).toContain(operation.weight(seen));
            for (const [fact, values = []] of Object.entries(operation.facts(seen))) {
              const known = Object.hasOwn(operation.conditions, fact) ? operation.conditions[fact] : [];
              if (known !== "text") expect(known).toEqual(expect.arrayContaining([...values]));
            }
            if (operation.ofAccount) expect(text).toBe("account");
            expect(operation.says(seen).length).toBeGreaterThan(0);
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe("the registry", () => {
  it("has one operation for each name and each call", () => {
    const names = operations.map(({ name }) => name);
    const calls = operations.flatMap((operation) => operation.calls);
    expect(new Set(names).size).toBe(names.length);
    expect(new Set(calls).size).toBe(calls.length);
    expect(names).toEqual([
      ...["delete", "stop", "start", "alias", "labels", "resource-policy"],
      ...["replication", "default-regions", "export", "import", "approval-team"],
    ]);
  });
});
