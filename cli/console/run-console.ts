import { createColors } from "picocolors";
import type { VerifierKey } from "../../lib/domain/log/verifier-key.ts";
import { PortInUseError } from "../loopback/server.ts";
import { InputError, UsageError } from "../shell/input-error.ts";
import { isHere, stackFrom } from "../stack/aws-place.ts";
import { keyFrom } from "../trail/expected-keys.ts";
import type { ConsoleContext, ConsoleOptions, ToolContext } from "./console-context.ts";
import { consoleDoors } from "./console-doors.ts";
import { ConsoleServer } from "./console-server.ts";
import { ConsoleStack } from "./console-stack.ts";
import { newSecret } from "./page-door.ts";
import { stackAccesses } from "./stack-accesses.ts";
import { StackTime } from "./stack-time.ts";

/** After so long (ms) without a page the console ends. */
const idleEndMs = 60 * 60_000;

/** Serves the page until nobody looked at it for an hour. Returns the exit status. Throws a UsageError or an InputError. */
export async function runConsole(options: ConsoleOptions, context: ConsoleContext): Promise<0> {
  const port = portFrom(options.port);
  const key = options.key === undefined ? undefined : keyFrom(options.key, "--key");
  const tools = await context.consoleTools();
  const { stacks, votes, versions, time } = await stacksFrom(options, key, { ...context, ...tools });
  const idle = new IdleEnd(context.timer);
  const secret = newSecret();
  const server = new ConsoleServer({
    ...consoleDoors({ stacks, votes, now: time.now, version: () => versions.last }),
    ...{ files: await tools.pageFiles(), secret, used: idle.used },
  });
  try {
    introduce(`${await listening(server, port)}/#k=${secret}`, context);
    await idle.ended;
    context.print("no page was open for an hour: the console ends");
  } finally {
    for (const stack of stacks) stack.close();
    await server.close();
  }
  return 0;
}

async function stacksFrom(options: ConsoleOptions, key: VerifierKey | undefined, context: ToolContext) {
  const versions = {
    last: 0,
    next: () => {
      versions.last += 1;
      return versions.last;
    },
  };
  const one = options.accounts === undefined ? stackFrom(options, context) : undefined;
  const isLocal = one?.endpoint !== undefined && isHere(new URL(one.endpoint));
  const time = new StackTime(context, one, isLocal);
  await time.look();
  const accesses = await stackAccesses(options, { key, isLocal, now: time.now, versions }, context);
  const local = options.local === true || isLocal;
  const endpoint = options.endpoint ?? (isLocal ? one.endpoint : undefined);
  const stsUrl = options.stsUrl ?? (isLocal && endpoint !== undefined ? `${endpoint}/` : undefined);
  const votes = {
    ...context,
    region: one?.region ?? context.region,
    // The clock of a local world may be moved by days; that of AWS is corrected by the vote itself.
    clock: isLocal ? time.now : context.clock,
    options: {
      ...(endpoint !== undefined && { endpoint }),
      ...(stsUrl !== undefined && { stsUrl }),
      ...(local && { local }),
    },
  };
  return { stacks: accesses.map((access) => new ConsoleStack(access)), votes, versions, time };
}

async function listening(server: ConsoleServer, port: number): Promise<string> {
  try {
    return await server.listen(port);
  } catch (error) {
    if (error instanceof PortInUseError) throw new InputError(`${error.message}: choose another --port, or 0 for any`);
    throw error;
  }
}

function introduce(url: string, { print, colours }: ConsoleContext): void {
  const { cyan, dim } = createColors(colours);
  print(`console  ${cyan(url)}`);
  print(
    dim("keep the URL to yourself: it lets a browser read the stack, and vote, in your name. Ctrl-C ends the console."),
  );
}

function portFrom(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : -1;
  if (port >= 0 && port <= 65_535) return port;
  throw new UsageError(`expected --port with a number from 0 to 65535, found \`${text.slice(0, 20)}\``);
}

/** Ends once no page asked for anything for an hour. */
class IdleEnd {
  readonly ended: Promise<void>;
  readonly used: () => void;

  constructor(timer: ConsoleContext["timer"]) {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.ended = promise;
    let stop = timer(idleEndMs, resolve);
    this.used = () => {
      stop();
      stop = timer(idleEndMs, resolve);
    };
  }
}
