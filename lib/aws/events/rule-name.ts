/** Returns the name and bus of the rule with the ARN `arn`: `...:rule/name` on the default bus, `...:rule/bus/name` on another one. */
export function ruleIn(arn: string): { readonly name: string; readonly bus: { readonly EventBusName?: string } } {
  const [, ...path] = (arn.split(":").at(-1) ?? "").split("/");
  const [name = "", busName] = path.toReversed();
  return { name, bus: busName === undefined ? {} : { EventBusName: busName } };
}
