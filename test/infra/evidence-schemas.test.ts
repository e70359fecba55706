import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { append } from "../../lib/domain/ledger/chain.ts";
import { type EntryKind, entrySchemas } from "../../lib/domain/ledger/entry.ts";
import { evidenceSchemas, schemasFolder } from "../../scripts/evidence-schemas.ts";
import { emptyCase } from "../doubles/chain-names.ts";
import { entryExamples } from "../doubles/entry-examples.ts";
import { t0 } from "../doubles/key-world.ts";

const schemas = evidenceSchemas();
const ajv = new Ajv({ strict: false, allErrors: true });
for (const [file, text] of schemas) ajv.addSchema(JSON.parse(text), file);
const faultsOf = (file: string, value: unknown) => {
  const validate = ajv.getSchema(file);
  if (validate === undefined) throw new TypeError(`no schema ${file}`);
  return validate(value) === true
    ? []
    : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
};

describe("the schemas of entries and events", () => {
  it("are those in docs/evidence/schemas, and no others: npm run evidence-schemas writes them", () => {
    const kept = readdirSync(schemasFolder, { recursive: true, withFileTypes: true })
      .filter((each) => each.isFile())
      .map(({ parentPath, name }) => relative(schemasFolder, join(parentPath, name)));
    expect(kept.toSorted()).toEqual([...schemas.keys()].toSorted());
    for (const [file, text] of schemas) expect(readFileSync(join(schemasFolder, file), "utf8")).toBe(text);
  });

  it.each([...entrySchemas.keys()] as EntryKind[])(
    "of an entry %s takes one, and nothing with a member more or less",
    (kind) => {
      const { entries } = append(emptyCase, entryExamples[kind], t0);
      const entry = JSON.parse(JSON.stringify(entries[0])) as Record<string, unknown>;
      expect(faultsOf(`entries/${kind}.json`, entry)).toEqual([]);
      expect(faultsOf(`entries/${kind}.json`, { ...entry, more: 1 })).not.toEqual([]);
      const { prev: _prev, ...less } = entry;
      expect(faultsOf(`entries/${kind}.json`, less)).not.toEqual([]);
      expect(faultsOf(`entries/${kind}.json`, { ...entry, at: 1.5 })).not.toEqual([]);
    },
  );

  it("of an event hold its entry, and refuse that of another kind", () => {
    const { entries } = append(emptyCase, entryExamples["key-usable"], t0);
    const name = { keyArn: "arn:aws:payment-cryptography:us-east-1:111122223333:key/kwapwa6qaifllw2h", generation: 1 };
    const event = (over: object) => ({
      ...{ source: "reprieve", "detail-type": "key-usable", account: "111122223333", region: "us-east-1" },
      detail: { case: name, entry: entries[0] },
      ...over,
    });
    expect(faultsOf("events/key-usable.json", event({}))).toEqual([]);
    expect(faultsOf("events/key-destroyed.json", event({ "detail-type": "key-destroyed" }))).not.toEqual([]);
    expect(
      faultsOf("events/pause-changed.json", event({ "detail-type": "pause-changed", detail: { pause: 1 } })),
    ).toEqual([]);
    expect(faultsOf("events/pause-changed.json", event({ "detail-type": "pause-changed", detail: {} }))).not.toEqual(
      [],
    );
  });
});
