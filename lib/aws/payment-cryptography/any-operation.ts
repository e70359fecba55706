import { GetAliasCommand } from "@aws-sdk/client-payment-cryptography";

interface RpcRequest {
  headers: Record<string, string>;
}
interface RpcResponse {
  readonly statusCode: number;
  readonly body: unknown;
}
interface Wire {
  readonly streamCollector: (body: unknown) => Promise<Uint8Array>;
  readonly utf8Encoder: (bytes: Uint8Array) => string;
}
interface Serde {
  readonly serialize: (input: unknown, context: Wire) => Promise<RpcRequest>;
  readonly deserialize: (response: RpcResponse, context: Wire) => Promise<unknown>;
}

const target = "PaymentCryptographyControlPlane";

/**
 * Sends any operation through the client's own stack: its signer, endpoint, retries, clock correction and pace. Every
 * awsJson1_0 request of the service has the same form, so that of an operation the SDK has serves for all; only the
 * name in `x-amz-target` differs. The answer comes as the service sent it, without the members the SDK would drop.
 */
class AnyOperation extends GetAliasCommand {
  readonly serialize: Serde["serialize"];
  readonly deserialize: Serde["deserialize"];

  constructor(operation: string, input: object) {
    // The input's type is that of the operation this command stands in for; its serializer takes any JSON.
    super(input as ConstructorParameters<typeof GetAliasCommand>[0]);
    const standIn = serdeOf(new GetAliasCommand({ AliasName: "" }));
    this.serialize = async (body, context) => {
      const request = await standIn.serialize(body, context);
      request.headers["x-amz-target"] = `${target}.${operation}`;
      return request;
    };
    this.deserialize = async (response, context) =>
      // The SDK turns an error into an exception of its name, also one that it does not know.
      response.statusCode >= 300 ? await standIn.deserialize(response, context) : await answerIn(response, context);
  }
}

const classes = new Map<string, typeof AnyOperation>();

/** Returns the command of `operation`. The SDK may keep the handler of a command by its class, so that each operation has a class of its own. */
export function anyOperation(operation: string, input: object): AnyOperation {
  const Own = classes.get(operation) ?? class extends AnyOperation {};
  classes.set(operation, Own);
  return new Own(operation, input);
}

/** The SDK gives every command these two functions, and its types do not show them. */
function serdeOf(command: GetAliasCommand): Serde {
  return command as unknown as Serde;
}

async function answerIn({ statusCode, body }: RpcResponse, { streamCollector, utf8Encoder }: Wire): Promise<object> {
  const bytes = body instanceof Uint8Array ? body : await streamCollector(body);
  const text = utf8Encoder(bytes);
  // The SDK's retries count themselves in the metadata of what a command answers.
  return { $metadata: { httpStatusCode: statusCode }, answer: text === "" ? {} : JSON.parse(text, dated) };
}

/** The model's times are the members so named, and no others; see the contract test. */
function dated(name: string, value: unknown): unknown {
  return typeof value === "number" && /(Timestamp|InitiationDate)$/.test(name) ? new Date(value * 1000) : value;
}
