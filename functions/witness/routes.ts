import type { APIGatewayProxyEventV2 } from "aws-lambda";
import { causeOf, codeOf } from "../../lib/domain/guard-error.ts";
import { sha256 } from "../../lib/domain/log/hash.ts";
import {
  type AddCheckpointAnswer,
  addCheckpoint,
  type WitnessDeps,
} from "../../lib/workflows/witness/add-checkpoint.ts";
import { type HttpAnswer, rawBody, status } from "../shared/http.ts";
import type { WitnessLog } from "./witness-log.ts";

export interface WitnessRoutes {
  /** Rejects while the key cannot be read. */
  readonly deps: () => Promise<WitnessDeps>;
  readonly log: WitnessLog;
}

/** A request has about 3 KB: 63 hashes and a checkpoint (bytes). */
const longestBody = 65_536;
const latestPath = /^\/([0-9a-f]{64})\/checkpoint$/;

/** Answers one request of C2SP tlog-witness: `POST /add-checkpoint`, or `GET /<SHA-256 of the origin>/checkpoint`. */
export async function handleWitness(routes: WitnessRoutes, event: APIGatewayProxyEventV2): Promise<HttpAnswer> {
  const { method } = event.requestContext.http;
  const origin = latestPath.exec(event.rawPath)?.[1];
  try {
    if (method === "POST" && event.rawPath === "/add-checkpoint") return await cosign(routes, rawBody(event));
    if (method === "GET" && origin !== undefined) return await latest(await routes.deps(), origin);
    return status(404);
  } catch (error) {
    routes.log("COSIGNING_FAILED", { code: codeOf(error), ...causeOf(error) });
    return status(503);
  }
}

async function cosign({ deps, log }: WitnessRoutes, body: Uint8Array): Promise<HttpAnswer> {
  if (body.length > longestBody) return status(413);
  const answer = await addCheckpoint(await deps(), Buffer.from(body).toString());
  if (answer.status === 200) log("CHECKPOINT_COSIGNED", { origin: answer.origin, grownBy: answer.grownBy });
  else log(answer.why === "inconsistent" ? "LOG_INCONSISTENT" : "CHECKPOINT_REFUSED", { ...answer });
  return httpAnswer(answer);
}

function httpAnswer(answer: AddCheckpointAnswer): HttpAnswer {
  switch (answer.status) {
    case 200:
      return text(200, "text/plain; charset=utf-8", answer.line);
    case 409:
      return text(409, "text/x.tlog.size", `${answer.size}\n`);
    default:
      return text(answer.status, "text/plain; charset=utf-8", `${answer.why}\n`);
  }
}

async function latest({ logKeys, book }: WitnessDeps, hashed: string): Promise<HttpAnswer> {
  const origin = logKeys.find(({ name }) => sha256(Buffer.from(name)).toString("hex") === hashed)?.name;
  const last = origin === undefined ? undefined : await book.last(origin);
  return last === undefined ? status(404) : text(200, "text/plain; charset=utf-8", last.noteText);
}

function text(statusCode: number, type: string, body: string): HttpAnswer {
  return { statusCode, headers: { "content-type": type }, body };
}
