import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { loadAccounts, readAccounts } from "../../../cli/places/accounts-file.ts";
import { verifierKeyText } from "../../../lib/domain/log/verifier-key.ts";
import { root } from "../../../scripts/bundle.ts";
import { createKey } from "../../doubles/log-world.ts";
import { accountsText, placeOf } from "../../doubles/places.ts";

const folder = mkdtempSync(join(tmpdir(), "reprieve-accounts-"));
afterAll(() => rmSync(folder, { recursive: true }));

const shipped = (name: string) => readAccounts(readFileSync(resolve(root, "deploy", name), "utf8"));
const faultsOf = (text: string) => {
  const read = readAccounts(text);
  return read.ok ? [] : read.faults;
};
const place = { account: "111122223333", region: "us-east-1" };
const withPlaces = (...places: readonly object[]) => JSON.stringify({ stage: "prod", places });
const key = "reprieve/111122223333/us-east-1/prod+1d6df3ba+AfY3";

describe("an accounts file", () => {
  it("as shipped names places by profile and by role", () => {
    expect(shipped("accounts.example.yaml")).toEqual({
      ok: true,
      value: [
        { name: "us-prod", account: "111122223333", region: "us-east-1", stage: "prod", profile: "payments-prod" },
        {
          ...{ name: "eu-prod", account: "444455556666", region: "eu-west-1", stage: "prod" },
          role: {
            ...{ arn: "arn:aws:iam::444455556666:role/reprieve-reader", externalId: "acme-7f3a", sessionName: "alice" },
          },
        },
        { name: "eu-test", account: "444455556666", region: "eu-west-1", stage: "test", profile: "payments-test" },
      ],
    });
  });

  it("as shipped explains every field", () => {
    const text = readFileSync(resolve(root, "deploy/accounts.example.yaml"), "utf8");
    const fields = [
      "account",
      "region",
      "name",
      "stage",
      "profile",
      "roleArn",
      "externalId",
      "sessionName",
      "key",
      "endpointUrl",
    ];
    for (const field of fields) expect(text).toMatch(new RegExp(`^ *(- |# )?${field}: `, "m"));
  });

  it("may be the file of a stage: its places with its stage, and no profile for none", () => {
    const name = "example-111122223333-us-east-1";
    expect(shipped("example.yaml")).toEqual({ ok: true, value: [{ name, ...place, stage: "example" }] });
  });

  it("may be JSON, also with tabs", () => {
    const text = JSON.stringify({ stage: "prod", places: [place] }, null, "\t");
    expect(readAccounts(text)).toMatchObject({ ok: true, value: [{ ...place, name: "prod-111122223333-us-east-1" }] });
  });

  it.each([
    ["no places", withPlaces(), "1:17 places: expected at least one place"],
    ["no list", "stage: prod\n", "1:1 places: is missing"],
    ["nothing", "", "1:1 expected fields"],
    ["a list alone", JSON.stringify([place]), "1:1 expected fields"],
    ["an account that is a number", "stage: prod\nplaces: [{ account: 111122223333, region: us-east-1 }]", "in quotes"],
    ["an unknown member", withPlaces({ ...place, color: "red" }), "places.0.color: there is no such field"],
    ["an unknown field", JSON.stringify({ stage: "prod", places: [place], x: 1 }), "x: there is no such field"],
    ["no account", withPlaces({ region: "us-east-1" }), "places.0.account: is missing"],
    ["no region", withPlaces({ account: place.account }), "places.0.region: is missing"],
    ["no stage", JSON.stringify({ places: [place] }), "places.0: expected a stage here, or one for all places"],
    [
      "a place twice",
      withPlaces(place, place),
      "places.1: `111122223333 us-east-1 prod` appears twice: also in places.0",
    ],
    [
      "a name twice",
      withPlaces({ ...place, name: "a" }, { ...place, stage: "test", name: "a" }),
      "the name `a` appears twice",
    ],
    [
      "a name that another place gets",
      withPlaces({ ...place, stage: "test", name: "prod-111122223333-us-east-1" }, place),
      "the name `prod-111122223333-us-east-1` appears twice",
    ],
    ["a name that is no folder's", withPlaces({ ...place, name: "../up" }), "places.0.name: expected a name"],
    [
      "a role of another account",
      withPlaces({ ...place, roleArn: "arn:aws:iam::444455556666:role/r" }),
      "expected a role of the account",
    ],
    [
      "no role",
      withPlaces({ ...place, roleArn: "arn:aws:iam::111122223333:user/r" }),
      "expected the ARN of an IAM role",
    ],
    [
      "an external id without a role",
      withPlaces({ ...place, externalId: "acme" }),
      "places.0.externalId: expected roleArn too",
    ],
    [
      "a session without a role",
      withPlaces({ ...place, sessionName: "alice" }),
      "places.0.sessionName: expected roleArn too",
    ],
    ["a key that is not one", withPlaces({ ...place, key }), "places.0.key: expected a verifier key"],
    [
      "a URL of a file",
      withPlaces({ ...place, endpointUrl: "file:///etc/passwd" }),
      "places.0.endpointUrl: expected the URL",
    ],
    [
      "a stage file without profiles",
      JSON.stringify({ policy: "p", stage: "prod", places: [place] }),
      "places.0.profile: is missing",
    ],
    ["an anchor", "stage: &a prod\nplaces: []\n", "no anchor and no alias"],
    ["more than a file has", `# ${"x".repeat(2_000_000)}`, "expected at most 2000000 characters"],
  ])("with %s is refused", (_, text, fault) => {
    expect(faultsOf(text).join("\n")).toContain(fault);
  });

  it("holds a key of its own log only", async () => {
    const own = verifierKeyText(await createKey("reprieve/111122223333/us-east-1/prod").signer.key());
    const other = verifierKeyText(await createKey("reprieve/111122223333/us-east-1/test").signer.key());
    expect(readAccounts(withPlaces({ ...place, key: own }))).toMatchObject({ ok: true, value: [{ key: own }] });
    expect(faultsOf(withPlaces({ ...place, key: other }))).toEqual([
      expect.stringContaining("places.0.key: expected the key of the log `reprieve/111122223333/us-east-1/prod`"),
    ]);
  });

  it("has room for 2,000 places, and no more", () => {
    const many = (count: number) => accountsText(Array.from({ length: count }, (_, n) => placeOf(n)));
    const read = readAccounts(many(2_000));
    expect(read.ok && read.value.length).toBe(2_000);
    expect(faultsOf(many(2_001))).toEqual([expect.stringContaining("expected at most 2000 places")]);
  });

  it("of whatever text is read or refused, and never throws", () => {
    const value = fc.oneof(fc.jsonValue(), fc.record({ stage: fc.anything(), places: fc.array(fc.anything()) }));
    fc.assert(
      fc.property(value, (any) => {
        const read = readAccounts(JSON.stringify({ any }).slice(7, -1));
        expect(read.ok || read.faults.length > 0).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it("with many faults is printed with the first of them", () => {
    const file = join(folder, "bad.yaml");
    writeFileSync(file, accountsText(Array.from({ length: 50 }, (_, n) => placeOf(n, { region: "mars" }))));
    expect(() => loadAccounts(file)).toThrow(
      /bad\.yaml` is not a valid accounts file:(\n {2}.*){20}\n {2}and 30 more$/,
    );
    expect(() => loadAccounts(join(folder, "none.yaml"))).toThrow("deploy/accounts.example.yaml shows");
  });
});
