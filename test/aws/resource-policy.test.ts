import { describe, expect, it } from "vitest";
import { policyDocumentIn } from "../../lib/aws/payment-cryptography/resource-policy.ts";

const document = { Version: "2012-10-17", Statement: [] };

describe("the policy in an answer of GetResourcePolicy", () => {
  it.each<[string, unknown, object | undefined]>([
    ["text, as recorded answers have it", JSON.stringify(document), document],
    ["an object, as the user guide prints it", document, document],
    ["the text of an empty object: no policy", "{}", undefined],
    ["an empty object: no policy", {}, undefined],
    ["absent", undefined, undefined],
    ["null", null, undefined],
  ])("is %s", (_, Policy, expected) => {
    expect(policyDocumentIn({ Policy })).toEqual(expected);
  });

  it.each([
    ["no JSON", "{"],
    ["a list", "[]"],
    ["a number", 7],
    ["text in JSON", '"x"'],
    ["null in JSON", "null"],
  ])("is not taken for none where it is %s", (_, Policy) => {
    expect(() => policyDocumentIn({ Policy })).toThrow(expect.objectContaining({ code: "CONTROL_PLANE_UNAVAILABLE" }));
  });
});
