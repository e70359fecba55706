/**
 * Stands in the bundles for `@smithy/core/event-streams`: 15 KB that the SDK loads for operations that stream events, and none of
 * ours does.
 */
export function eventStreamSerdeProvider(): never {
  throw new TypeError("no operation of these clients streams events");
}
export const resolveEventStreamSerdeConfig = <Input>(input: Input): Input => input;
export class EventStreamMarshaller {}
