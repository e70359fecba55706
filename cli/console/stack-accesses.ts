import type { VerifierKey } from "../../lib/domain/log/verifier-key.ts";
import { loadAccounts } from "../places/accounts-file.ts";
import type { Place } from "../places/place.ts";
import type { SignIn } from "../places/places-context.ts";
import { chosenFrom, expectNoPlaces } from "../places/places-options.ts";
import type { Access } from "../shell/access.ts";
import { PlaceError } from "../shell/input-error.ts";
import { casesTableOf, localCredentials, stackFrom } from "../stack/aws-place.ts";
import { keyFrom } from "../trail/expected-keys.ts";
import type { ConsoleOptions, ToolContext } from "./console-context.ts";
import type { Stack, StackAccess } from "./console-stack.ts";
import type { Versions } from "./known-chains.ts";

interface Shared {
  readonly key: VerifierKey | undefined;
  readonly isLocal: boolean;
  readonly now: () => number;
  readonly versions: Versions;
}

const readOnlyText = "this console was started with --read-only";
const manyText = "with --accounts the console only reads: start one for this stack to vote";

/** Returns how to reach each stack that the options name. Throws a UsageError, or an InputError for a file with faults. */
export async function stackAccesses(
  options: ConsoleOptions,
  shared: Shared,
  context: ToolContext,
): Promise<readonly StackAccess[]> {
  if (options.accounts !== undefined)
    return chosenFrom(loadAccounts(options.accounts), options.only).map((place) =>
      accessAt(place, options, shared, context),
    );
  expectNoPlaces(options);
  return [accessTo(stackFrom(options, context), options, shared, context)];
}

function accessTo(stack: Stack, options: ConsoleOptions, shared: Shared, context: ToolContext): StackAccess {
  const { key, isLocal } = shared;
  return {
    ...callsOf(options, shared, context),
    ...{ place: "", title: isLocal ? "the local world" : `${stack.stage} in ${stack.region}`, stack, isLocal },
    ...(isLocal && { signIn: async () => await localAccess(context) }),
    ...(options.readOnly && { noVotes: readOnlyText }),
    ...(key && { key }),
  };
}

function accessAt(place: Place, options: ConsoleOptions, shared: Shared, context: ToolContext): StackAccess {
  const { name, account, region, stage, profile, key, endpointUrl: endpoint } = place;
  const stack = { stage, region, ...(endpoint !== undefined && { endpoint }) };
  return {
    ...callsOf(options, shared, context),
    ...{ place: name, title: `${name}: ${stage} in ${account}, ${region}`, stack, isLocal: false },
    ...(profile !== undefined && { profile }),
    signIn: signInAt(place, context),
    noVotes: manyText,
    ...(key !== undefined && { key: keyFrom(key, "the key of the place") }),
  };
}

function callsOf({ policy }: ConsoleOptions, { now, versions }: Shared, context: ToolContext) {
  return {
    ...{ now, versions, policyFile: policy, health: context.health, files: context.logFiles },
    pages: async (stack: Stack) => context.tablePages({ table: casesTableOf(stack), ...stack }),
    caller: async (stack: Stack) => await (await context.probes(stack)).caller(),
  };
}

/** How long (ms) a sign-in counts: the credentials of a role are valid for an hour. */
const signInMs = 45 * 60_000;
const unbound = { signal: new AbortController().signal, alive: () => {} };

/** Returns what signs in to a place, again before the credentials expire: each time the account is checked again. */
function signInAt(place: Place, { signIn, clock }: ToolContext): () => Promise<Access> {
  let access: Access | undefined;
  let signedInAt = 0;
  return async () => {
    if (access !== undefined && clock() - signedInAt < signInMs) return access;
    access = undefined;
    access = accessFrom(place, await (await signIn())(place, unbound));
    signedInAt = clock();
    return access;
  };
}

function accessFrom({ account, endpointUrl }: Place, signedIn: Awaited<ReturnType<SignIn>>): Access {
  if (signedIn.account !== account)
    throw new PlaceError(
      "WrongAccount",
      `the credentials belong to account ${signedIn.account}: nothing was asked; correct the profile, the role or the account`,
    );
  return { account, credentials: signedIn.credentials, ...unbound, ...(endpointUrl !== undefined && { endpointUrl }) };
}

/** In the local world the access key selects the person: reads are made as the person who votes. */
async function localAccess({ credentials }: ToolContext): Promise<Access> {
  return { account: "", credentials: await credentials().catch(() => localCredentials), ...unbound };
}
