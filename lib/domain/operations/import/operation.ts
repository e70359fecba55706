import { parseKeyArn } from "../../key/key-arn.ts";
import { type Call, membersOf, textOf } from "../call.ts";
import type { Operation, ReadChange } from "../operation.ts";

/** ImportKey, also of a root certificate that an approval team decides: then a service event says how it ended. */
export const importKey: Operation = {
  name: "import",
  calls: ["ImportKey"],
  serviceEvents: ["ImportKey"],
  read: readImport,
  needsKey: true,
  conditions: { format: "text", approval: "text" },
  facts: ({ change: { details = {} } }) => details,
  weight: ({ key, change: { details } }) =>
    details?.["approval"] !== undefined || key?.keyClass === "PUBLIC_KEY" ? "notable" : "routine",
  says: ({ change: { details } }) => {
    const [approval] = details?.["approval"] ?? [];
    return approval === undefined
      ? `imported the key as ${details?.["format"]?.[0] ?? "unknown format"}`
      : `asked an approval team to import the key, which ended as ${approval}`;
  },
};

function readImport({ parameters, answer, details }: Call): ReadChange | undefined {
  const keyArn = parseKeyArn(membersOf(answer["key"])["keyArn"]) ?? parseKeyArn(details["keyArn"]);
  // A public key that waits for its approval team has no ARN yet.
  const subject = keyArn === undefined ? ({ kind: "account" } as const) : ({ kind: "key", keyArn } as const);
  const [format = ""] = Object.keys(membersOf(parameters["keyMaterial"]));
  const approval = textOf(details["sessionStatus"]);
  if (keyArn === undefined && format === "" && approval === undefined) return undefined;
  return {
    subject,
    details: {
      ...(format !== "" && { format: [format.slice(0, 64)] }),
      ...(approval !== undefined && { approval: [approval.slice(0, 64)] }),
    },
  };
}
