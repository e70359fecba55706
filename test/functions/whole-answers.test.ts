import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { wholeAnswers } from "../../functions/shared/whole-answers.ts";

beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));
afterEach(() => void vi.useRealTimers());

/** Sends a request through a handler that answers with `body`. */
async function answerWith(body: unknown): Promise<unknown> {
  let handler = { handle: async () => ({ response: { body } }) };
  wholeAnswers.configure({
    httpHandler: () => handler,
    setHttpHandler: (extended) => {
      handler = extended as typeof handler;
    },
  });
  return (await handler.handle()).response.body;
}

const stalled = () => new Readable({ read: () => {} });

describe("an answer whose body stalls", () => {
  it("fails with a TimeoutError after 2,500 ms, and not before", async () => {
    const body = stalled();
    await answerWith(body);
    const read = text(body);
    body.push("{");
    const failed = expect(read).rejects.toMatchObject({ name: "TimeoutError" });
    await vi.advanceTimersByTimeAsync(2_499);
    expect(body.destroyed).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(body.destroyed).toBe(true);
    await failed;
  });

  it("ends no process although nobody reads it", async () => {
    const body = stalled();
    await answerWith(body);
    const closed = new Promise((resolve) => body.once("close", resolve));
    await vi.advanceTimersByTimeAsync(2_500);
    await closed;
    expect(body.errored).toMatchObject({ name: "TimeoutError" });
  });
});

describe("an answer whose body ends", () => {
  it("leaves no timer behind", async () => {
    const body = Readable.from(["{}"]);
    expect(await answerWith(body)).toBe(body);
    expect(vi.getTimerCount()).toBe(1);
    expect(await text(body)).toBe("{}");
    await new Promise((resolve) => setImmediate(resolve));
    expect(vi.getTimerCount()).toBe(0);
  });

  it.each([
    ["nothing", undefined],
    ["bytes", new Uint8Array(2)],
  ])("needs no timer where the body is %s", async (_, body) => {
    expect(await answerWith(body)).toBe(body);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe("a handler of the SDK", () => {
  it("keeps its other members", () => {
    const inner = { handle: async () => ({ response: {} }), metadata: { handlerProtocol: "http/1.1" } };
    const extended: object[] = [];
    wholeAnswers.configure({ httpHandler: () => inner, setHttpHandler: (handler) => void extended.push(handler) });
    expect(extended).toMatchObject([{ metadata: { handlerProtocol: "http/1.1" } }]);
    expect(extended).not.toContain(inner);
  });
});
