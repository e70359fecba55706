import type { Call, Port } from "../fate.ts";
import { type Answer, callerOf, handleSqs } from "../local.ts";
import type { Stack } from "../services.ts";

/** The services that the SDK's clients reach. */
export type AwsPort = Exclude<Port, "slack" | "sts" | "api" | "lambda">;

type Perform = (operation: string, body: Record<string, unknown>, accessKeyId: string) => Answer;

/** Returns what carries out a call of a client's double on the services of `stack`, as they are behind the simulated network too. */
export function performOn(stack: Stack): (call: Call) => Answer {
  const { controlPlane, bus, queues, secrets, signingKey, stackKey, history, topic, archive, table, urlOf } = stack;
  const services: Readonly<Record<AwsPort, Perform>> = {
    "control-plane": (operation, body, accessKeyId) =>
      controlPlane.handle(operation, body, { ...callerOf(accessKeyId, "double"), identityAllows: true }),
    bus: (operation, body) => bus.handle(operation, body),
    queue: (operation, body) => handleSqs([...queues.values()], ({ name }) => urlOf(name), operation, body),
    secrets: (operation, body) => secrets.fake.handle(operation, body),
    signing: (operation, body) => stackKey.handle(operation, body) ?? signingKey.handle(operation, body),
    history: (operation, body) => history.handle(operation, body),
    topic: (_, body) => topic.handle(Buffer.from(new URLSearchParams(body as Record<string, string>).toString())),
    archive: (method, { url, text = "", headers = {} }) =>
      archive.handle(
        { method, url: String(url), headers: headers as Record<string, string> },
        Buffer.from(String(text)),
      ),
    store: (operation, body) => table.handle(operation, body),
  };
  return ({ port, operation, body, accessKeyId }) => services[port as AwsPort](operation, body, accessKeyId);
}
