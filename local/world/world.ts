import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { LocalBus } from "../aws/bus/local-bus.ts";
import type { LocalEventHistory } from "../aws/event-history.ts";
import type { LocalSigningKey } from "../aws/kms/signing-key.ts";
import type { LocalStackKey } from "../aws/kms/stack-key.ts";
import type { Invocable } from "../aws/lambda/invocable.ts";
import type { LocalObjectStore } from "../aws/object-store.ts";
import type { ControlPlane } from "../aws/payment-cryptography/control-plane.ts";
import type { Place } from "../aws/place.ts";
import type { LocalQueue } from "../aws/queue/local-queue.ts";
import type { LocalSecrets } from "../aws/secrets.ts";
import type { LocalTopic } from "../aws/topic.ts";
import type { MovableClock } from "../clock/clock.ts";
import type { SlackWorkspace } from "../slack/workspace.ts";
import type { Transport } from "./hub/transport.ts";

export interface WorldOptions {
  /** The packaged CloudFormation template. */
  readonly templateFile: string;
  /** The folder of each function's packaged bundle, by its name. */
  readonly bundles: Readonly<Record<string, string>>;
  /** Of the endpoint, and of Slack's API; 0 takes any free one. */
  readonly port: number;
  readonly slackPort?: number;
  /** How long (real ms) Slack waits for an answer; 3 s where nothing is said. */
  readonly slackTimeoutMs?: number;
  /** The account and region of this world. */
  readonly place?: Place;
  /** Whether the schedules run by the clock; without them someone has to call `sweep`. */
  readonly schedules?: boolean;
}

/** A function that can be ended. */
export interface RunningFunction extends Invocable {
  /** Ends every execution environment at once, also in the middle of an invocation. */
  kill(): Promise<void>;
}

/** The whole stack on one machine: everything in AWS that it touches, Slack, and its own functions as packaged. */
export interface World {
  readonly place: Place;
  readonly endpoint: string;
  readonly slackUrl: string;
  readonly clock: MovableClock;
  readonly controlPlane: ControlPlane;
  readonly history: LocalEventHistory;
  readonly slack: SlackWorkspace;
  readonly secrets: LocalSecrets;
  readonly topic: LocalTopic;
  /** The audit bucket. */
  readonly archive: LocalObjectStore;
  readonly signingKey: LocalSigningKey;
  /** The stack's own KMS key. */
  readonly stackKey: LocalStackKey;
  readonly bus: LocalBus;
  readonly hub: Transport;
  /** Name of the bus on which the stack tells what happened. */
  readonly busName: string;
  readonly queues: Readonly<
    Record<
      | ("guard" | "deadLetters" | "notify" | "notifyDeadLetters" | "votes" | "votesDeadLetters")
      | ("remediation" | "remediationDeadLetters" | "changes"),
      LocalQueue
    >
  >;
  /** By short name: guard, approval, votes, notify, sweep, remediation. */
  readonly functions: ReadonlyMap<string, RunningFunction>;
  /** A client for the table of cases, which bears `tableName`. */
  readonly store: DynamoDBClient;
  readonly tableName: string;
  /** Every line the functions wrote. */
  readonly log: readonly string[];
  /** Gives the functions other bundles: the folder of each, by its name. */
  deploy(bundles: Readonly<Record<string, string>>): void;
  /** Runs the sweep now. */
  sweep(): Promise<void>;
  /**
   * Resolves when no message is being worked on and none is visible. `advance` moves the clock on to messages that come back
   * later, until there are none.
   */
  settle(options?: { readonly advance?: boolean }): Promise<void>;
  stop(): Promise<void>;
}
