import { sign } from "node:crypto";
import { GuardError } from "../../lib/domain/guard-error.ts";
import { type VerifierKey, verifierKey } from "../../lib/domain/log/verifier-key.ts";
import type { Witness, WitnessAnswer } from "../../lib/workflows/ports/witness.ts";
import { type AddCheckpointAnswer, addCheckpoint } from "../../lib/workflows/witness/add-checkpoint.ts";
import { createKey } from "./log-world.ts";
import { createMemoryWitnessBook } from "./memory-witness-book.ts";

/** A witness in memory, with the real workflow, for logs with these keys. `state.answers` changes its answers on their way. */
export async function createWitnessWorld(logKeys: readonly VerifierKey[], name = "witness.example/log-archive") {
  const { signer, privateKey } = createKey(name);
  const key = verifierKey(name, "cosignature", (await signer.key()).bytes);
  const book = createMemoryWitnessBook();
  const asked: { readonly request: string; readonly answer: WitnessAnswer }[] = [];
  const state = { answers: (answer: WitnessAnswer): WitnessAnswer => answer, down: false };
  const deps = {
    ...{ logKeys, book, ownKey: key, clock: () => 1_795_640_500_000 },
    sign: async (text: string) => await Promise.resolve(sign(null, Buffer.from(text), privateKey)),
  };
  const witness: Witness = {
    key,
    ask: async (request) => {
      if (state.down) throw new GuardError("WITNESS_UNAVAILABLE", "retry", "down");
      const answer = state.answers(answerOf(await addCheckpoint(deps, request)));
      asked.push({ request, answer });
      return answer;
    },
  };
  return { witness, key, book, asked, state };
}

function answerOf(answer: AddCheckpointAnswer): WitnessAnswer {
  switch (answer.status) {
    case 200:
      return { status: "cosigned", lines: answer.line };
    case 409:
      return { status: "other-size", size: answer.size };
    case 422:
      return { status: "inconsistent" };
    default:
      return { status: "refused", httpStatus: answer.status };
  }
}
