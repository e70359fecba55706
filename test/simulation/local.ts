/** Everything of the local world that the simulation stands on, in one place. */
export { LocalBus } from "../../local/aws/bus/local-bus.ts";
export { LocalEventHistory } from "../../local/aws/event-history.ts";
export { createHttpApi } from "../../local/aws/http-api/http-api.ts";
export { demandOf } from "../../local/aws/iam/demand.ts";
export { isAllowed } from "../../local/aws/iam/role.ts";
export type { LocalFunction } from "../../local/aws/lambda/local-function.ts";
export { LocalObjectStore } from "../../local/aws/object-store.ts";
export { ControlPlane, type LabelledKey } from "../../local/aws/payment-cryptography/control-plane.ts";
export type { KeySpec } from "../../local/aws/payment-cryptography/key-seed.ts";
export type { LocalQueue } from "../../local/aws/queue/local-queue.ts";
export { handleSqs } from "../../local/aws/queue/sqs-api.ts";
export { LocalSecrets } from "../../local/aws/secrets.ts";
export { createLocalSts } from "../../local/aws/sts/sts-service.ts";
export { LocalTopic } from "../../local/aws/topic.ts";
export type { WorldClock } from "../../local/clock/world-clock.ts";
export { botToken, createLocalWorkspace, signingSecret, slackSettings } from "../../local/slack/local-workspace.ts";
export type { SlackWorkspace } from "../../local/slack/workspace.ts";
export {
  always,
  chainsIntact,
  everyCaseEnds,
  everythingTold,
  withinBudget,
  withinRoles,
} from "../../local/stories/invariants/invariants.ts";
export { Witness } from "../../local/stories/invariants/witness.ts";
export type { ServiceName } from "../../local/world/hub/faults.ts";
export { type Answer, jsonObject } from "../../local/world/hub/request.ts";
export { serviceOf } from "../../local/world/hub/services.ts";
export {
  alice,
  bob,
  callerOf,
  carol,
  custodianRole,
  here,
  isOurs,
  mallory,
  type Person,
  reaper,
} from "../../local/world/people.ts";
export { localSettings } from "../../local/world/settings.ts";
export { environmentOf, nameOfFunction, rolesOf } from "../../local/world/template/functions.ts";
export { Template } from "../../local/world/template/template.ts";
export { eventSourcesOf, queuesOf, routesOf, rulesOf, schedulesOf } from "../../local/world/template/wiring.ts";
export type { World } from "../../local/world/world.ts";
