/**
 * Makes two files from AWS's own API model of the service: what the local control plane validates against
 * (local/aws/payment-cryptography/service-model.json, without documentation) and the types of every operation
 * (lib/aws/payment-cryptography/api.ts). Run it when AWS publishes a newer model:
 *   node scripts/extract-service-model.ts PATH/service-2.json
 */
import { readFileSync, writeFileSync } from "node:fs";

interface Named {
  readonly shape: string;
}
interface Operation {
  readonly input: Named;
  readonly output: Named;
  readonly errors?: readonly Named[];
}
interface Shape {
  readonly type: string;
  readonly members?: Record<string, Named>;
  readonly member?: Named;
  readonly key?: Named;
  readonly value?: Named;
  readonly required?: readonly string[];
  readonly enum?: readonly string[];
  readonly union?: boolean;
  readonly exception?: boolean;
  readonly [field: string]: unknown;
}
interface Model {
  readonly operations: Record<string, Operation>;
  readonly shapes: Record<string, Shape>;
}

const [file] = process.argv.slice(2);
if (file === undefined) throw new Error("usage: node scripts/extract-service-model.ts PATH/service-2.json");
const model = JSON.parse(readFileSync(file, "utf8")) as Model;
const operations = Object.entries(model.operations).sort(([a], [b]) => (a < b ? -1 : 1));
const shapes = Object.fromEntries(
  Object.entries(model.shapes)
    .filter(([, { exception }]) => exception !== true)
    .sort(([a], [b]) => (a < b ? -1 : 1)),
);

write("local/aws/payment-cryptography/service-model.json", `${JSON.stringify(extract(), withoutDocumentation, 1)}\n`);
write("lib/aws/payment-cryptography/api.ts", types());

function write(path: string, text: string): void {
  writeFileSync(new URL(`../${path}`, import.meta.url), text);
}

function extract(): object {
  const perOperation = operations.map(([name, { input, output, errors = [] }]) => [
    name,
    { input: input.shape, output: output.shape, errors: errors.map(({ shape }) => shape) },
  ]);
  return { operations: Object.fromEntries(perOperation), shapes };
}

function withoutDocumentation(key: string, value: unknown): unknown {
  return key === "documentation" && typeof value === "string" ? undefined : value;
}

function types(): string {
  const structures = Object.entries(shapes).filter(([, { type }]) => type === "structure");
  const entries = operations.map(
    ([name, { input, output }]) =>
      `  readonly ${name}: { readonly input: ${input.shape}; readonly output: ${output.shape} };`,
  );
  return [
    "// Made by scripts/extract-service-model.ts from AWS's API model; do not edit.",
    `/** Input and output of each of the ${operations.length} operations; times are \`Date\`s. */`,
    `export interface Operations {\n${entries.join("\n")}\n}`,
    ...structures.map(([name, shape]) => declarationOf(name, shape)),
    "",
  ].join("\n\n");
}

function declarationOf(name: string, shape: Shape): string {
  const members = Object.entries(shape.members ?? {});
  if (shape.union === true) {
    const variants = members.map(([member, { shape: type }]) => `{ readonly ${member}: ${typeOf(type)} }`);
    return `type ${name} = ${variants.join(" | ")};`;
  }
  if (members.length === 0) return `type ${name} = Readonly<Record<string, never>>;`;
  const required = new Set(shape.required);
  const fields = members.map(
    ([member, { shape: type }]) =>
      `  readonly ${member}${required.has(member) ? "" : "?"}: ${typeOf(type)}${required.has(member) ? "" : " | undefined"};`,
  );
  return `interface ${name} {\n${fields.join("\n")}\n}`;
}

function typeOf(name: string): string {
  const shape = shapes[name];
  switch (shape?.type) {
    case "structure":
      return name;
    case "list":
      return `readonly ${bracketed(typeOf(shape.member?.shape ?? ""))}[]`;
    case "map":
      return `Readonly<Record<string, ${typeOf(shape.value?.shape ?? "")}>>`;
    case "boolean":
      return "boolean";
    case "integer":
      return "number";
    case "timestamp":
      return "Date";
    default:
      return shape?.enum === undefined ? "string" : shape.enum.map((each) => JSON.stringify(each)).join(" | ");
  }
}

function bracketed(type: string): string {
  return type.includes(" ") ? `(${type})` : type;
}
