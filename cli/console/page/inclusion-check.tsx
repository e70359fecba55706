import { useState } from "preact/hooks";
import type { Answer, ChainPart, InclusionPart, Row } from "../parts.ts";
import { get } from "./session.ts";
import { type InclusionVerdict, verifyInclusion } from "./verify-inclusion.ts";

interface CheckProps {
  readonly row: Row;
  readonly chain: ChainPart;
}

/** Proves, when someone asks, that the entries are in the log of the latest checkpoint. */
export function InclusionCheck({ row, chain }: CheckProps) {
  const [found, set] = useState<string | InclusionVerdict>();
  const [busy, setBusy] = useState(false);
  const check = async () => {
    setBusy(true);
    set(await verdictOf({ row, chain }).catch(() => "the console does not answer"));
    setBusy(false);
  };
  return (
    <div class="inclusion">
      <button type="button" disabled={busy} onClick={() => void check()}>
        {busy ? "Reading the log …" : "Verify against the log"}
      </button>
      <p role="status">{found === undefined ? "" : <Verdict found={found} />}</p>
    </div>
  );
}

async function verdictOf({ row, chain }: CheckProps): Promise<string | InclusionVerdict> {
  const query = new URLSearchParams({ place: row.place, name: row.name });
  const answer = await get<InclusionPart | Answer>(`/inclusion?${query}`);
  return "ok" in answer ? answer.text : await verifyInclusion(chain.entries, answer);
}

function Verdict({ found }: { readonly found: string | InclusionVerdict }) {
  if (typeof found === "string") return <>{found}</>;
  if (found.kind === "broken") return <strong class="mark bad">✗ {found.why}: run reprieve audit verify</strong>;
  const { entries, later, origin, size, signature } = found;
  return (
    <>
      <span class="mark good">
        ✓ {entries} {entries === 1 ? "entry is" : "entries are"} in the log, as this browser computed it
      </span>{" "}
      (checkpoint of {origin}, {size} entries;{" "}
      {signature === "right"
        ? "signed by the key of --key"
        : "its signature was not verified: start the console with --key"}
      {later === 0 ? "" : `; ${later} newer than the checkpoint`})
    </>
  );
}
