import { keyArnParts, parseKeyArn } from "../../lib/domain/key/key-arn.ts";
import type { TrailManifest } from "../../lib/domain/trail/manifest.ts";
import { type ExportStack, stackOfOrigin, stackOfSource } from "../trail/export-stack.ts";
import type { Verification, VerifyOptions } from "../trail/verify-trail.ts";
import type { CaseRow } from "./rows/case-row.ts";
import type { Period } from "./rows/period.ts";
import type { Cover } from "./rows/report-data.ts";

interface CoverSource {
  readonly verified: Verification;
  readonly manifest: TrailManifest;
  readonly period: Period;
  readonly options: Pick<VerifyOptions, "key" | "witnesses"> & { readonly version: string };
  readonly now: number;
  readonly guardVersions: readonly string[];
  readonly rows: readonly CaseRow[];
}

/** Returns what the first page says of an export. */
export function coverFrom({ verified, manifest, period, options, now, guardVersions, rows }: CoverSource): Cover {
  const { anchor, covered } = verified;
  const { key, witnesses, version } = options;
  const [origin = ""] = anchor?.text.split("\n") ?? [];
  const [first = Date.parse(manifest.exportedAt)] = covered ?? [];
  const text = (bound: number, otherwise: string) =>
    Number.isFinite(bound) ? new Date(bound).toISOString() : otherwise;
  return {
    from: text(period.from, new Date(first).toISOString()),
    to: text(period.to, manifest.exportedAt),
    madeAt: new Date(now).toISOString(),
    ...(stackOfOrigin(origin) ?? withAccount(stackOfSource(manifest.source), rows)),
    ...{ version, guardVersions, verified, witnesses: witnesses.map(({ name }) => name) },
    ...(key && { signer: key.name }),
  };
}

/** An export that did not check its account is of that of its keys. */
function withAccount(found: ExportStack, [first]: readonly CaseRow[]): ExportStack {
  const arn = parseKeyArn(first?.keyArn);
  return found.account !== "" || arn === undefined ? found : { ...found, account: keyArnParts(arn).account };
}
