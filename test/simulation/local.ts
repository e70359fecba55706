/** Everything of the local world that the simulation stands on, in one place. */
export { LocalBus } from "../../local/aws/bus/local-bus.ts";
export { LocalEventHistory } from "../../local/aws/event-history.ts";
export { createHttpApi } from "../../local/aws/http-api/http-api.ts";
export { LocalSigningKey } from "../../local/aws/kms/signing-key.ts";
export { LocalStackKey } from "../../local/aws/kms/stack-key.ts";
export type { Invocable } from "../../local/aws/lambda/invocable.ts";
export { LocalObjectStore } from "../../local/aws/object-store.ts";
export { ControlPlane, type LabelledKey } from "../../local/aws/payment-cryptography/control-plane.ts";
export type { KeySpec } from "../../local/aws/payment-cryptography/key-seed.ts";
export { handleSqs } from "../../local/aws/queue/sqs-api.ts";
export { LocalSecrets } from "../../local/aws/secrets.ts";
export type { ServiceName } from "../../local/aws/service-name.ts";
export { jsonObject, type ServiceResponse as Answer } from "../../local/aws/service-request.ts";
export { createLocalSts } from "../../local/aws/sts/sts-service.ts";
export { LocalTopic } from "../../local/aws/topic.ts";
export { botToken, createLocalWorkspace, signingSecret, slackSettings } from "../../local/slack/local-workspace.ts";
export type { SlackWorkspace } from "../../local/slack/workspace.ts";
export {
  always,
  chainsIntact,
  everyCaseEnds,
  everythingTold,
  intentBeforeEffect,
  withinBudget,
  withinRoles,
} from "../../local/stories/invariants/invariants.ts";
export { Witness } from "../../local/stories/invariants/witness.ts";
export { ServiceRouter, serviceCallOf } from "../../local/world/hub/service-router.ts";
export type { Services } from "../../local/world/hub/services.ts";
export type { ObservedCalls } from "../../local/world/hub/transport.ts";
export { knownCallers } from "../../local/world/known-callers.ts";
export { rememberLabels } from "../../local/world/label-past.ts";
export {
  alice,
  bob,
  callerOf,
  carol,
  custodianRole,
  custodianRoleId,
  here,
  isOurs,
  mallory,
  type Person,
  reaper,
  remediator,
} from "../../local/world/people.ts";
export { localSettings } from "../../local/world/settings.ts";
export { signingKeyArn } from "../../local/world/signing-key.ts";
export { environmentOf, nameOfFunction, rolesOf } from "../../local/world/template/functions.ts";
export { Template } from "../../local/world/template/template.ts";
export { eventSourcesOf, queuesOf, routesOf, rulesOf, schedulesOf } from "../../local/world/template/wiring.ts";
