import { describe, expect, it } from "vitest";
import model from "../../local/aws/payment-cryptography/service-model.json" with { type: "json" };
import { blocksOf } from "./pages.ts";

interface Statement {
  readonly Effect: string;
  readonly Action: readonly string[];
  readonly Condition: { readonly ArnNotLike: { readonly "aws:PrincipalArn": readonly string[] } };
}

const [sample = ""] = blocksOf("docs/deployment.md").flatMap(({ language, text }) =>
  language === "json" && text.includes("ReserveKeyManagement") ? [text] : [],
);
const [statement] = (JSON.parse(sample) as { readonly Statement: readonly Statement[] }).Statement;

describe("the SCP of docs/deployment.md", () => {
  it("denies every call of the service that changes a key or its surroundings", () => {
    const reads = /^(Get|List)/;
    const aside = ["AssociateMpaTeam", "DisassociateMpaTeam"];
    const changes = Object.keys(model.operations).filter((name) => !reads.test(name) && !aside.includes(name));
    const reserved = statement?.Action.map((action) => action.replace("payment-cryptography:", ""));
    expect(statement?.Effect).toBe("Deny");
    expect([...(reserved ?? [])].sort()).toEqual([...changes].sort());
  });

  it("exempts the roles of the stack that call the service, and one of administrators", () => {
    expect(statement?.Condition.ArnNotLike["aws:PrincipalArn"]).toEqual([
      "arn:aws:iam::*:role/PaymentAdminRole",
      ...["guard", "sweep", "remediation"].map((name) => `arn:aws:iam::*:role/reprieve-prod-${name}-*`),
    ]);
  });
});
