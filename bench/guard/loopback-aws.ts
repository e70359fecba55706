import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout } from "node:timers/promises";
import { createLoopbackServer, type LoopbackServer } from "../../cli/loopback/server.ts";
import { ControlPlane } from "../../local/aws/payment-cryptography/control-plane.ts";
import { readBody } from "../../local/world/hub/request.ts";
import { account, guard, mallory, type people, region } from "../../local/world/people.ts";

export interface Call {
  readonly operation: string;
  readonly body: object;
}

/** A deletion, and the message of the guard queue that reports it. */
export interface Deletion {
  readonly keyArn: string;
  readonly message: string;
}

/**
 * The services that the guard calls, answered at once: the control plane is that of the local world, the table takes every write and holds
 * nothing, the bus takes every event. What is measured against it is the caller.
 */
export class LoopbackAws {
  /** How long (ms) an answer takes; a caller that starts cold needs some time to make the calls that it makes at once. */
  slowness = 0;
  readonly #server: LoopbackServer;
  #controlPlane = this.#emptyControlPlane();
  #envelope: object = {};
  #inFlight = 0;
  /** Calls in rounds: those of one are made before any of them is answered. */
  #rounds: Call[][] = [];

  constructor() {
    this.#server = createLoopbackServer(
      async (request, response) => await this.#serve(request, response),
      (response, error) => response.writeHead(500).end(String(error)),
    );
  }

  async listen(): Promise<string> {
    return await this.#server.listen(0);
  }

  async close(): Promise<void> {
    await this.#server.close();
  }

  /** So many keys that Mallory has just scheduled for deletion, and no others: the control plane looks at all of them in every call. */
  deletions(count: number): readonly Deletion[] {
    this.#controlPlane = this.#emptyControlPlane();
    return Array.from({ length: count }, () => this.#deletion());
  }

  #emptyControlPlane(): ControlPlane {
    const onRecord = (envelope: object) => {
      this.#envelope = envelope;
    };
    const controlPlane = new ControlPlane({ account, region, now: () => Date.now(), onRecord });
    controlPlane.settings.deletionDisablesKey = false;
    return controlPlane;
  }

  #deletion(): Deletion {
    const keyArn = this.#controlPlane.seed();
    this.#controlPlane.handle("DeleteKey", { KeyIdentifier: keyArn, DeleteKeyInDays: 3 }, callerOf(mallory));
    return { keyArn, message: JSON.stringify(this.#envelope) };
  }

  /** The calls since the last time. */
  takeRounds(): readonly (readonly Call[])[] {
    const rounds = this.#rounds;
    this.#rounds = [];
    return rounds;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.#inFlight === 0) this.#rounds.push([]);
    this.#inFlight += 1;
    const operation = String(request.headers["x-amz-target"]).split(".").at(-1) ?? "";
    const body = JSON.parse((await readBody(request))?.toString() ?? "{}") as object;
    this.#rounds.at(-1)?.push({ operation, body });
    const text = JSON.stringify(this.#answer(operation, body));
    if (this.slowness > 0) await setTimeout(this.slowness);
    this.#inFlight -= 1;
    response.writeHead(200, { "content-type": "application/x-amz-json-1.0" }).end(text);
  }

  #answer(operation: string, body: object): object {
    switch (operation) {
      case "Query":
        return { Items: [], Count: 0, ScannedCount: 0 };
      case "GetItem":
      case "UpdateItem":
        return {};
      case "PutEvents":
        return { FailedEntryCount: 0, Entries: (body as { Entries: object[] }).Entries.map(() => ({ EventId: "e" })) };
      default:
        return this.#controlPlane.handle(operation, body, callerOf(guard)).body;
    }
  }
}

function callerOf({ accessKeyId, userIdentity, sourceIp }: (typeof people)[number]) {
  return { accessKeyId, userIdentity, sourceIp, userAgent: "bench" };
}
