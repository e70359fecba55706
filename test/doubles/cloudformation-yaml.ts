import { load } from "js-yaml";

/** Returns a CloudFormation template in YAML, its short functions in their long form, as far as the witness's template has them. */
export function cloudFormationYaml(text: string): unknown {
  const long = text
    .replace(/!Ref ([\w:]+)/g, '{ Ref: "$1" }')
    .replace(/!GetAtt ([\w.]+)/g, '{ "Fn::GetAtt": "$1" }')
    .replace(/!Sub ("[^"]*")/g, '{ "Fn::Sub": $1 }')
    .replace(/!Join (\[.*\])$/gm, '{ "Fn::Join": $1 }');
  return load(long);
}
