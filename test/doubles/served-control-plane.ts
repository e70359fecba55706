import {
  type ApiAnswer,
  ControlPlane,
  type ControlPlaneOptions,
} from "../../local/aws/payment-cryptography/control-plane.ts";
import { callerOf, mallory } from "../../local/world/people.ts";
import { type Served, serveJson, type WireRequest } from "./served-json.ts";

/** A local control plane on a port of this machine. */
export interface ServedControlPlane extends Served {
  readonly plane: ControlPlane;
  readonly requests: WireRequest[];
  /** Answers of the control plane, as they went out. */
  readonly answers: { readonly operation: string; readonly answer: ApiAnswer }[];
  /** Gives this answer to the next request instead. */
  answerNext(answer: ApiAnswer): void;
}

/** Serves a control plane over HTTP, with mallory as the caller of everything. */
export async function serveControlPlane(options: ControlPlaneOptions): Promise<ServedControlPlane> {
  const plane = new ControlPlane(options);
  const requests: WireRequest[] = [];
  const answers: { operation: string; answer: ApiAnswer }[] = [];
  const planned: ApiAnswer[] = [];
  const served = await serveJson((request) => {
    const { operation, body } = request;
    requests.push(request);
    const answer = planned.shift() ?? plane.handle(operation, JSON.parse(body), callerOf(mallory.accessKeyId, "test"));
    answers.push({ operation, answer });
    return answer;
  });
  return { ...served, plane, requests, answers, answerNext: (answer) => planned.push(answer) };
}
