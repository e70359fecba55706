import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { type ConversionConfig, type JsonSchema, toJsonSchema } from "@valibot/to-json-schema";
import * as v from "valibot";
import {
  alarmSchema,
  changePermitSchema,
  changeSchema,
  judgedSchema,
  pauseSchema,
  permitSchema,
} from "../lib/aws/events/notice-event.ts";
import {
  caseNameSchema,
  changeNameSchema,
  changePermitType,
  changeRecordedType,
  changeRequestedType,
  deletionsRepeatedType,
  heartbeatType,
  ownSource,
  pauseChangedType,
  permitChangedType,
  probeType,
  reEvaluateType,
  requestJudgedType,
} from "../lib/aws/events/own-event.ts";
import { maxOfKind } from "../lib/domain/case/size-limits.ts";
import { maxWhole } from "../lib/domain/ledger/bounded-values.ts";
import { type EntryKind, entrySchemas } from "../lib/domain/ledger/entry.ts";
import { exactly, keyArn, percent, tagTexts, text, whole } from "../lib/domain/ledger/entry-kinds/members.ts";
import type { Heartbeat } from "../lib/workflows/ports/self-check.ts";
import { root } from "./bundle.ts";

/** Where the schemas are kept: `entries/<kind>.json` and `events/<detail-type>.json`. */
export const schemasFolder = resolve(root, "docs/evidence/schemas");

const keyArnPattern = "^arn:aws:payment-cryptography:[a-z]{2}-[a-z]{1,16}-\\d{1,2}:\\d{12}:key/[0-9a-zA-Z]{16,64}$";

/** What checks that JSON Schema cannot read mean in it. */
const leaves = new Map<unknown, JsonSchema>([
  [text, { type: "string" }],
  [whole, { type: "integer", minimum: -maxWhole, maximum: maxWhole }],
  [percent, { type: "integer", minimum: 1, maximum: 99 }],
  [keyArn, { type: "string", pattern: keyArnPattern }],
  [tagTexts, { type: "object", additionalProperties: { type: "string" } }],
]);

const override: NonNullable<ConversionConfig["overrideSchema"]> = ({ valibotSchema, jsonSchema }) => {
  const leaf = leaves.get(valibotSchema);
  if (leaf !== undefined) return leaf;
  const options = "options" in valibotSchema ? valibotSchema.options : undefined;
  if (valibotSchema.type === "lazy" && options instanceof Map)
    return { oneOf: [...options.values()].map((each: v.GenericSchema) => inner(each)) };
  return jsonSchema;
};

function inner(schema: v.GenericSchema): JsonSchema {
  const { $schema: _version, ...made } = toJsonSchema(schema, { errorMode: "ignore", overrideSchema: override });
  return made;
}

const heartbeat = exactly<Heartbeat>()(
  v.strictObject({
    ...{ version: v.string(), policyHash: v.string(), mode: v.picklist(["observe", "enforce"]), sweptAt: v.string() },
    ...{ openCases: v.nullable(v.number()), logAgeMs: v.nullable(v.number()), statesAgeMs: v.nullable(v.number()) },
  }),
);

/** Events of the bus that are no entry, each with the schema of its detail. */
const details: Readonly<Record<string, v.GenericSchema>> = {
  [reEvaluateType]: v.object({ case: caseNameSchema }),
  [probeType]: v.object({}),
  [heartbeatType]: heartbeat,
  [deletionsRepeatedType]: alarmSchema.entries.detail,
  [pauseChangedType]: pauseSchema.entries.detail,
  [permitChangedType]: permitSchema.entries.detail,
  [changeRecordedType]: changeSchema.entries.detail,
  [changePermitType]: changePermitSchema.entries.detail,
  [changeRequestedType]: v.object({ change: changeNameSchema }),
  [requestJudgedType]: judgedSchema.entries.detail,
};

/** Returns the text of every schema, by its file: one for each kind of entry, and one for each event of the stack's bus. */
export function evidenceSchemas(): ReadonlyMap<string, string> {
  const kinds = [...entrySchemas.entries()] as [EntryKind, v.GenericSchema][];
  const entries = kinds.map(
    ([kind, schema]) => [`entries/${kind}.json`, titled(`Entry \`${kind}\` of an audit trail`, inner(schema))] as const,
  );
  const ofCases = kinds.map(([kind]) => kind).filter((kind) => maxOfKind[kind] > 0);
  const published = ofCases.flatMap((kind) => [
    [`events/${kind}.json`, eventOf(kind, entryDetail(kind, ["keyArn", "generation"]))] as const,
    [`events/unrecorded-${kind}.json`, eventOf(`unrecorded-${kind}`, entryDetail(kind, ["keyArn"]))] as const,
  ]);
  const others = Object.entries(details).map(
    ([type, schema]) => [`events/${type}.json`, eventOf(type, inner(schema))] as const,
  );
  const all = [...entries, ...published, ...others];
  return new Map(all.map(([file, schema]) => [file, `${JSON.stringify(schema, null, 2)}\n`]));
}

function titled(title: string, schema: JsonSchema): object {
  return { $schema: "http://json-schema.org/draft-07/schema#", title, ...schema };
}

/** An event of a case: its name, and the entry. What could not be recorded names the key alone. */
function entryDetail(kind: EntryKind, required: readonly string[]): JsonSchema {
  const entry = { $ref: `../entries/${kind}.json` };
  const members = { keyArn: { type: "string", pattern: keyArnPattern }, generation: { type: "integer", minimum: 1 } };
  const properties = Object.fromEntries(Object.entries(members).filter(([name]) => required.includes(name)));
  const name = { type: "object", properties, required: [...required], additionalProperties: false } as JsonSchema;
  return {
    type: "object",
    properties: { case: name, entry },
    required: ["case", "entry"],
    additionalProperties: false,
  };
}

function eventOf(type: string, detail: JsonSchema): object {
  return titled(`Event \`${type}\` of the stack's bus`, {
    type: "object",
    properties: {
      source: { const: ownSource },
      "detail-type": { const: type },
      account: { type: "string", pattern: "^\\d{12}$" },
      region: { type: "string" },
      detail,
    },
    required: ["source", "detail-type", "account", "region", "detail"],
  });
}

if (import.meta.main) {
  rmSync(schemasFolder, { recursive: true, force: true });
  for (const [file, schema] of evidenceSchemas()) {
    mkdirSync(dirname(join(schemasFolder, file)), { recursive: true });
    writeFileSync(join(schemasFolder, file), schema);
  }
  console.log(`${readdirSync(join(schemasFolder, "entries")).length} kinds of entries: ${schemasFolder}`);
}
