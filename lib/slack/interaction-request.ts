import type { CaseRequest, PersonRequest } from "../domain/approval/person-request.ts";
import type { Interaction } from "./interaction.ts";

/** An interaction about a case that goes on record. */
export type CaseRequesting = Extract<Interaction, { kind: "keep" | "start-usage" | "approve" }>;

/** An interaction about a change other than a deletion that goes on record. */
export type ChangeRequesting = Extract<Interaction, { kind: "approve-change" | "refuse-change" | "start-key" }>;

/** An interaction that goes on record. */
export type Requesting = CaseRequesting | ChangeRequesting;

const requesting: ReadonlySet<Interaction["kind"]> = new Set<Requesting["kind"]>([
  ...(["keep", "start-usage", "approve"] as const),
  ...(["approve-change", "refuse-change", "start-key"] as const),
]);

/** Returns whether an interaction requests anything of the stack; a dialog that opens does not. */
export function isRequesting(interaction: Interaction): interaction is Requesting {
  return requesting.has(interaction.kind);
}

/** Returns whether an interaction is about a case. */
export function isAboutCase(interaction: Requesting): interaction is CaseRequesting {
  return interaction.kind === "keep" || interaction.kind === "start-usage" || interaction.kind === "approve";
}

/** Returns what a person requests by an interaction. */
export function requestOfInteraction(interaction: Requesting): PersonRequest {
  return isAboutCase(interaction) ? requestAboutCase(interaction) : requestAboutChange(interaction);
}

/** Returns what a person requests about a case. */
export function requestAboutCase(interaction: CaseRequesting): CaseRequest {
  const { kind, name, id } = interaction;
  if (kind === "start-usage") return { about: "usage-start", name };
  const reason = kind === "approve" && { reason: interaction.reason };
  return { about: "vote", name, vote: { id, choice: kind, ...reason } };
}

function requestAboutChange(interaction: ChangeRequesting): PersonRequest {
  switch (interaction.kind) {
    case "approve-change":
      return { about: "change-permit", command: { do: "approve", name: interaction.name, reason: interaction.reason } };
    case "refuse-change":
      return { about: "change-permit", command: { do: "revoke", name: interaction.name, reason: "" } };
    case "start-key":
      return { about: "key-start", name: interaction.name, reason: interaction.reason };
  }
}
