import type { CaseRequest } from "../domain/approval/person-request.ts";
import type { Interaction } from "./interaction.ts";

/** An interaction that goes on record. */
export type Requesting = Extract<Interaction, { kind: "keep" | "start-usage" | "approve" }>;

/** Returns whether an interaction requests anything of the stack; a dialog that opens does not. */
export function isRequesting(interaction: Interaction): interaction is Requesting {
  return interaction.kind === "keep" || interaction.kind === "start-usage" || interaction.kind === "approve";
}

/** Returns what a person requests by an interaction. */
export function requestOfInteraction(interaction: Requesting): CaseRequest {
  const { kind, name, id } = interaction;
  if (kind === "start-usage") return { about: "usage-start", name };
  const reason = kind === "approve" && { reason: interaction.reason };
  return { about: "vote", name, vote: { id, choice: kind, ...reason } };
}
