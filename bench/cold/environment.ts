import { settingNames } from "../../functions/shared/settings.ts";
import type { FunctionName } from "../../scripts/bundle.ts";

/** The environment that the template gives the function, as far as its import and the guard's way to a restore read it. */
export function environmentFor(name: FunctionName, endpoint = "http://127.0.0.1:9"): Record<string, string> {
  const url = "https://sqs.us-east-1.amazonaws.com/111122223333/queue";
  const names = settingNames(name).map((each) => [each, /URL|AUDIENCE/.test(each) ? url : "1"]);
  return {
    ...Object.fromEntries(names),
    ...{
      AWS_REGION: "us-east-1",
      AWS_ACCESS_KEY_ID: "bench",
      AWS_SECRET_ACCESS_KEY: "bench",
      AWS_ENDPOINT_URL: endpoint,
    },
    ...{
      ACCOUNT_ID: "111122223333",
      AUDIT_SIGNING_KEY: "none",
      WITNESS_URL: "none",
      WITNESS_KEY: "none",
      MAX_RECEIVE_COUNT: "5",
    },
    // No pace: it is not what is measured.
    CONTROL_PLANE_CALLS_PER_SECOND: "1000000000",
    ...{ SLACK_TEAM_ID: "T0BENCH", SLACK_APP_ID: "A0BENCH", SLACK_CHANNEL: "C0BENCH", SLACK_ESCALATION: "none" },
    ...{ AWS_LAMBDA_FUNCTION_NAME: name, POWERTOOLS_SERVICE_NAME: name, POWERTOOLS_METRICS_NAMESPACE: "Reprieve" },
  };
}
