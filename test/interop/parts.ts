import { clients } from "./clients/clients.ts";
import { custodian } from "./custodian/custodian.ts";
import { eventRuler } from "./event-ruler/event-ruler.ts";
import { iac } from "./iac/iac.ts";
import { iam } from "./iam/iam.ts";
import { log } from "./log/log.ts";
import { ministack } from "./ministack/ministack.ts";
import { moto } from "./moto/moto.ts";
import type { Part } from "./part.ts";
import { template } from "./template/template.ts";

/** Every part, in the order in which they run. */
export const parts: readonly Part[] = [ministack, clients, template, iac, eventRuler, iam, log, custodian, moto];
