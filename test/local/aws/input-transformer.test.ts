import { describe, expect, it } from "vitest";
import { renderInput } from "../../../local/aws/bus/input-transformer.ts";
import { LocalBus, type RuleState } from "../../../local/aws/bus/local-bus.ts";

const event = { time: "now", detail: { eventName: "StopLogging", names: ["a", "b"], none: null } };

describe("an input transformer", () => {
  it("puts what the paths name in its place, and leaves nothing where there is nothing", () => {
    const paths = { call: "$.detail.eventName", names: "$.detail.names", none: "$.detail.none", far: "$.detail.x.y" };
    const text = renderInput({ InputPathsMap: paths, InputTemplate: '"<call> of <names>"\n"(<none><far>)"' }, event);
    expect(text).toBe('StopLogging of ["a","b"]\n()');
  });

  it.each([
    ["Call <call>", /quoted line/],
    ['"<call> and <other>"', /names `other`/],
  ])("that EventBridge would not take is refused: %s", (InputTemplate, error) => {
    expect(() => renderInput({ InputPathsMap: { call: "$.detail.eventName" }, InputTemplate }, event)).toThrow(error);
  });
});

describe("the local bus", () => {
  function busWith(state: RuleState) {
    const got: string[] = [];
    const targets = [{ send: (text: string) => got.push(text) }];
    const rule = { name: "r", busName: "default", pattern: { source: ["aws.x"] }, state, targets };
    const bus = new LocalBus({ account: "1", region: "r", now: () => 0, busNames: [], rules: [rule] });
    return { bus, got };
  }
  const emitted = (bus: LocalBus, readOnly: boolean) => bus.emit({ source: "aws.x", detail: { readOnly } });

  it.each<[RuleState, boolean, number]>([
    ["ENABLED", false, 1],
    ["ENABLED", true, 0],
    ["ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS", true, 1],
    ["DISABLED", false, 0],
  ])("gives a rule that is %s an event, readOnly %s, %i times", (state, readOnly, times) => {
    const { bus, got } = busWith(state);
    emitted(bus, readOnly);
    expect(got).toHaveLength(times);
  });

  it("shows the state and the targets of a rule, and what someone did to it", () => {
    const { bus, got } = busWith("ENABLED");
    expect(bus.handle("DescribeRule", { Name: "r" })).toMatchObject({ status: 200, body: { State: "ENABLED" } });
    bus.changeRule("r", "DISABLED");
    expect(bus.handle("DescribeRule", { Name: "r" })).toMatchObject({ body: { State: "DISABLED" } });
    bus.changeRule("r", "ENABLED");
    bus.changeRule("r", "WITHOUT_TARGETS");
    expect(bus.handle("ListTargetsByRule", { Rule: "r" })).toMatchObject({ status: 200, body: { Targets: [] } });
    bus.changeRule("r", "DELETED");
    expect(bus.handle("DescribeRule", { Name: "r" })).toMatchObject({ status: 400 });
    emitted(bus, false);
    expect(got).toEqual([]);
  });
});
