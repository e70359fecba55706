/**
 * Makes local/aws/payment-cryptography/service-model.json from AWS's own API model: the operations the local control plane answers and
 * the shapes they use, without documentation. Run it when AWS publishes a newer model:
 *   node scripts/extract-service-model.ts PATH/service-2.json
 */
import { readFileSync, writeFileSync } from "node:fs";

const operations = [
  "CreateAlias",
  "CreateKey",
  "DeleteAlias",
  "DeleteKey",
  "GetAlias",
  "GetKey",
  "ListAliases",
  "ListKeys",
  "ListTagsForResource",
  "RestoreKey",
  "StartKeyUsage",
  "StopKeyUsage",
  "TagResource",
  "UntagResource",
  "UpdateAlias",
];

interface Model {
  readonly operations: Record<string, { readonly input: { readonly shape: string } }>;
  readonly shapes: Record<string, Shape>;
}
interface Shape {
  readonly members?: Record<string, { readonly shape: string }>;
  readonly member?: { readonly shape: string };
  readonly [field: string]: unknown;
}

const [file] = process.argv.slice(2);
if (file === undefined) throw new Error("usage: node scripts/extract-service-model.ts PATH/service-2.json");
const model = JSON.parse(readFileSync(file, "utf8")) as Model;
const shapes: Record<string, Shape> = {};
const inputs: Record<string, string> = {};
for (const name of operations) {
  const input = model.operations[name]?.input.shape;
  if (input === undefined) throw new Error(`the model has no operation \`${name}\``);
  inputs[name] = input;
  collect(input);
}
const target = new URL("../local/aws/payment-cryptography/service-model.json", import.meta.url);
writeFileSync(target, `${JSON.stringify({ inputs, shapes }, withoutDocumentation, 1)}\n`);

function collect(name: string): void {
  const shape = model.shapes[name];
  if (shape === undefined || Object.hasOwn(shapes, name)) return;
  shapes[name] = shape;
  for (const { shape: member } of Object.values(shape.members ?? {})) collect(member);
  if (shape.member !== undefined) collect(shape.member.shape);
}

function withoutDocumentation(key: string, value: unknown): unknown {
  return key === "documentation" && typeof value === "string" ? undefined : value;
}
