import { readFileSync, statSync } from "node:fs";
import { parseArn } from "../../lib/domain/arn.ts";
import { logOrigin } from "../../lib/domain/log/origin.ts";
import { readVerifierKey } from "../../lib/domain/log/verifier-key.ts";
import { printableText } from "../../lib/domain/printable-text.ts";
import { type CheckedYaml, type Contradiction, checkedYaml } from "../shell/checked-yaml.ts";
import { fileErrorText } from "../shell/file-error.ts";
import { InputError } from "../shell/input-error.ts";
import { type AccountsFile, accountsSchemaFor } from "./accounts-schema.ts";
import type { Place } from "./place.ts";

/** Of 2,000 places with every field. */
const maxLength = 2_000_000;

/** Faults that are printed; the first ones are enough to begin with. */
const mostFaults = 20;

type Listed = AccountsFile["places"][number] & {
  readonly name?: string;
  readonly stage?: string;
  readonly roleArn?: string;
  readonly externalId?: string;
  readonly sessionName?: string;
  readonly key?: string;
  readonly endpoint?: string;
  readonly endpointUrl?: string;
};

/** Reads the text of an accounts file, or of a stage file. Never throws. */
export function readAccounts(text: string): CheckedYaml<readonly Place[]> {
  const rules = { maxLength, schemaFor: accountsSchemaFor, missing: "is missing", contradictions };
  return checkedYaml(text, { ...rules, resultOf: placesIn });
}

/** Returns the places of the file at `path`. Throws an InputError that names the faults. */
export function loadAccounts(path: string): readonly Place[] {
  const shown = printableText(path, 200);
  const text = textOf(path, shown);
  const read = readAccounts(text);
  if (read.ok) return read.value;
  const { faults } = read;
  const more = faults.length > mostFaults ? [`  and ${faults.length - mostFaults} more`] : [];
  const lines = faults.slice(0, mostFaults).map((fault) => `  ${fault}`);
  throw new InputError([`\`${shown}\` is not a valid accounts file:`, ...lines, ...more].join("\n"));
}

function textOf(path: string, shown: string): string {
  try {
    if (statSync(path).size <= 4 * maxLength) return readFileSync(path, "utf8");
  } catch (error) {
    const why = fileErrorText(error);
    throw new InputError(`\`${shown}\` cannot be read: ${why}; deploy/accounts.example.yaml shows an accounts file`);
  }
  throw new InputError(`\`${shown}\` is too large for an accounts file`);
}

function placesIn(file: AccountsFile): readonly Place[] {
  return file.places.map((listed) => placeOf(listed, file.stage));
}

function placeOf(listed: Listed, stageOfFile: string | undefined): Place {
  const { account, region, profile = "none", roleArn, externalId, key, endpoint, endpointUrl } = listed;
  const stage = listed.stage ?? stageOfFile ?? "";
  const role = roleArn !== undefined && {
    arn: roleArn,
    sessionName: listed.sessionName ?? "reprieve",
    ...(externalId !== undefined && { externalId }),
  };
  return {
    ...{ name: listed.name ?? `${stage}-${account}-${region}`, account, region, stage },
    ...(profile !== "none" && { profile }),
    ...(role && { role }),
    ...(key !== undefined && { key }),
    ...(endpoint !== undefined && { endpoint }),
    ...(endpointUrl !== undefined && { endpointUrl }),
  };
}

function contradictions(file: AccountsFile): readonly Contradiction[] {
  const [names, targets] = [new Map<string, number>(), new Map<string, number>()];
  return file.places.flatMap((listed: Listed, n) => {
    const { name, account, region, stage, endpointUrl = "" } = placeOf(listed, file.stage);
    const target = `${account} ${region} ${stage}`;
    return [
      ...(stage === "" ? [{ path: ["places", n], message: "expected a stage here, or one for all places" }] : []),
      ...repeated(targets, `${target} ${endpointUrl}`, n, `\`${target}\``),
      ...repeated(names, name, n, `the name \`${name}\``),
      ...roleContradictions(listed, n),
      ...keyContradictions(listed, logOrigin({ account, region, stage }), n),
    ];
  });
}

/** Notes `value`, and returns a contradiction where an earlier place has it too. */
function repeated(seen: Map<string, number>, value: string, n: number, shown: string): Contradiction[] {
  const first = seen.get(value);
  if (first === undefined) seen.set(value, n);
  return first === undefined
    ? []
    : [{ path: ["places", n], message: `${shown} appears twice: also in places.${first}` }];
}

function roleContradictions({ account, roleArn, externalId, sessionName }: Listed, n: number): Contradiction[] {
  const owner = roleArn === undefined ? account : parseArn(roleArn)?.account;
  const without = (field: string, value: string | undefined) =>
    roleArn === undefined && value !== undefined
      ? [{ path: ["places", n, field], message: "expected roleArn too: it belongs to a role that is assumed" }]
      : [];
  return [
    ...(owner === account
      ? []
      : [{ path: ["places", n, "roleArn"], message: `expected a role of the account \`${account}\`` }]),
    ...without("externalId", externalId),
    ...without("sessionName", sessionName),
  ];
}

/** A key of another log would prove another stack's log under this name. */
function keyContradictions({ key }: Listed, origin: string, n: number): Contradiction[] {
  if (key === undefined || readVerifierKey(key)?.name === origin) return [];
  return [{ path: ["places", n, "key"], message: `expected the key of the log \`${origin}\`` }];
}
