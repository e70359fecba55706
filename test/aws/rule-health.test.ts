import type { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { describe, expect, it } from "vitest";
import { createReadRuleHealth } from "../../lib/aws/events/rule-health.ts";

const onDefault = "arn:aws:events:us-east-1:111122223333:rule/reprieve-dev-delete-key";
const onOwn = "arn:aws:events:us-east-1:111122223333:rule/reprieve-dev/reprieve-dev-announce";

/** EventBridge, as it answers one operation after the other. */
function clientWith(answers: Readonly<Record<string, () => Promise<object>>>) {
  const inputs: object[] = [];
  const client = {
    send: async (command: { input: object; constructor: { name: string } }) => {
      inputs.push(command.input);
      return (await answers[command.constructor.name]?.()) ?? {};
    },
  } as unknown as EventBridgeClient;
  return { read: createReadRuleHealth(client), inputs };
}

const state = (State?: string) => async () => ({ State });
const targets =
  (...Targets: object[]) =>
  async () => ({ Targets });
const refusedBy = (name: string) => async () => await Promise.reject(Object.assign(new Error("no"), { name }));

describe("the health of a rule", () => {
  it.each([
    [onDefault, { Name: "reprieve-dev-delete-key" }],
    [onOwn, { Name: "reprieve-dev-announce", EventBusName: "reprieve-dev" }],
  ])("of %s is asked on its own bus", async (arn, expected) => {
    const { read, inputs } = clientWith({
      DescribeRuleCommand: state("ENABLED"),
      ListTargetsByRuleCommand: targets({ Id: "guard" }),
    });
    expect(await read(arn)).toBe("working");
    const { Name, ...bus } = expected as { Name: string };
    expect(inputs).toEqual([expected, { Rule: Name, ...bus, Limit: 1 }]);
  });

  it.each([
    ["ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS", targets({}), "working"],
    ["ENABLED", targets(), "without-target"],
    ["DISABLED", targets({}), "disabled"],
    [undefined, targets({}), "disabled"],
  ])("in state %s is read from its state and its targets", async (is, ListTargetsByRuleCommand, expected) => {
    const { read } = clientWith({ DescribeRuleCommand: state(is), ListTargetsByRuleCommand });
    expect(await read(onDefault)).toBe(expected);
  });

  it("of a rule that is gone is missing", async () => {
    const { read } = clientWith({ DescribeRuleCommand: refusedBy("ResourceNotFoundException") });
    expect(await read(onDefault)).toBe("missing");
  });

  it.each([
    ["AccessDeniedException", "ACCESS_DENIED"],
    ["InternalException", "BUS_UNAVAILABLE"],
  ])("that cannot be read, for %s, throws %s", async (name, code) => {
    const { read } = clientWith({
      DescribeRuleCommand: state("ENABLED"),
      ListTargetsByRuleCommand: refusedBy(name),
    });
    await expect(read(onDefault)).rejects.toMatchObject({ code });
  });
});
