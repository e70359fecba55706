import { parseKeyArn } from "../../key/key-arn.ts";
import { isSensitive } from "../../key/sensitivity.ts";
import { dayMs } from "../../time.ts";
import { aliasOf, type Call, membersOf } from "../call.ts";
import { trueOrFalse } from "../condition-values.ts";
import type { Operation, ReadChange, SeenChange } from "../operation.ts";

/** A wrapping key younger than this (ms) may have been made for this export alone. */
const youngMs = dayMs;

/** ExportKey: key material leaves the service, wrapped under another key. */
export const exportKey: Operation = {
  name: "export",
  calls: ["ExportKey"],
  read: readExport,
  needsKey: true,
  related: ({ change: { details } }) => {
    const [wrapping] = details?.["wrappingKey"] ?? [];
    return wrapping === undefined ? {} : { wrapping };
  },
  conditions: {
    ...{ format: "text", whole: trueOrFalse, wrappingKey: "text" },
    wrappingKeyAge: ["new", "old"],
  },
  facts: (seen) => {
    const age = wrappingAge(seen);
    return { ...seen.change.details, ...(age !== undefined && { wrappingKeyAge: [age] }) };
  },
  weight: (seen) => {
    const { key, change } = seen;
    // Initial keys of terminals are exported all day.
    if (change.details?.["whole"]?.[0] !== "true") return "routine";
    return key === undefined || isSensitive(key.usage) ? "grave" : "routine";
  },
  says: (seen) => {
    const { whole, format, wrappingKey } = seen.change.details ?? {};
    const material = whole?.[0] === "true" ? "exported the key" : "exported an initial key derived of the key";
    const age = wrappingAge(seen) === "new" ? ", which is younger than 24 h" : "";
    return `${material} as ${format?.[0] ?? "unknown format"} under ${wrappingKey?.[0] ?? "an unknown key"}${age}`;
  },
};

function readExport({ parameters, answer }: Call): ReadChange | undefined {
  const named = parameters["exportKeyIdentifier"];
  const [arn, alias] = [parseKeyArn(named), aliasOf(named)];
  const subject =
    arn !== undefined
      ? ({ kind: "key", keyArn: arn } as const)
      : alias !== undefined
        ? ({ kind: "key-of-alias", alias } as const)
        : undefined;
  if (subject === undefined) return undefined;
  const [[format = "", block] = []] = Object.entries(membersOf(parameters["keyMaterial"]));
  const { wrappingKeyIdentifier, certificateAuthorityPublicKeyIdentifier } = membersOf(block);
  const answered = parseKeyArn(membersOf(answer["wrappedKey"])["wrappingKeyArn"]);
  const wrapping =
    answered ??
    parseKeyArn(wrappingKeyIdentifier) ??
    aliasOf(wrappingKeyIdentifier) ??
    parseKeyArn(certificateAuthorityPublicKeyIdentifier);
  const isInitial = membersOf(parameters["exportAttributes"])["exportDukptInitialKey"] !== undefined;
  return {
    subject,
    details: {
      format: format === "" ? [] : [format.slice(0, 64)],
      whole: [String(!isInitial)],
      ...(wrapping !== undefined && { wrappingKey: [wrapping] }),
    },
  };
}

/** Undefined where the age is not known, so that no rule is sure of it. */
function wrappingAge({ at, related: { wrapping } }: SeenChange): "new" | "old" | undefined {
  const createdAt = wrapping?.createdAt;
  if (createdAt === undefined) return undefined;
  return at - createdAt < youngMs ? "new" : "old";
}
