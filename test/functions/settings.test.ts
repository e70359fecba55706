import { describe, expect, it } from "vitest";
import { readSettings as read, settingsOf } from "../../functions/shared/settings.ts";

const readSettings = (environment: Readonly<Record<string, string>>) => read(settingsOf.guard, environment);

const environment = {
  STAGE: "prod",
  ACCOUNT_ID: "111122223333",
  AWS_REGION: "us-east-1",
  CASES_TABLE: "cases",
  EVENT_BUS_NAME: "reprieve",
  GUARD_QUEUE_URL: "https://sqs.us-east-1.amazonaws.com/111122223333/guard",
  DEAD_LETTER_QUEUE_URL: "https://sqs.us-east-1.amazonaws.com/111122223333/dead",
  MAX_RECEIVE_COUNT: "100",
  CONTROL_PLANE_CALLS_PER_SECOND: "1.5",
};

describe("readSettings", () => {
  it("reads the environment that the template sets", () => {
    expect(readSettings(environment)).toEqual({
      ...environment,
      MAX_RECEIVE_COUNT: 100,
      CONTROL_PLANE_CALLS_PER_SECOND: 1.5,
    });
  });

  it("names every fault at once, and no values", () => {
    const { STAGE: _, ...rest } = environment;
    const broken = { ...rest, ACCOUNT_ID: "s3cr3t", GUARD_QUEUE_URL: "s3cr3t", CONTROL_PLANE_CALLS_PER_SECOND: "0" };
    let message = "";
    try {
      readSettings(broken);
    } catch (error) {
      expect(error).toMatchObject({ code: "CONFIGURATION_INVALID" });
      message = error instanceof Error ? error.message : "";
    }
    expect(message).toBe(
      "configuration: STAGE is not set; ACCOUNT_ID must be an account id of 12 digits; GUARD_QUEUE_URL must be a URL; CONTROL_PLANE_CALLS_PER_SECOND must be a number above 0",
    );
  });
});
