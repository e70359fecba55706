import { SlackWorkspace } from "../../local/slack/workspace.ts";
import { t0 } from "../doubles/key-world.ts";
import { describeSlackClient } from "./slack-client.contract.ts";

describeSlackClient("the local workspace", async () => {
  const workspace = new SlackWorkspace({
    now: () => t0,
    signingSecret: "unused",
    botToken: "xoxb-right",
    teamId: "T0LOCAL",
    appId: "A0REPRIEVE",
    members: [{ id: "U0BOB", name: "bob" }],
    channels: [{ id: "C0KEYS", name: "payment-keys" }],
    interactionsUrl: () => "http://127.0.0.1:1",
  });
  const address = await workspace.listen(0);
  return {
    access: { apiUrl: `${address}/api`, fetch },
    fault: (fault) => {
      workspace.fault = fault;
    },
    messages: () =>
      workspace.messages.map(({ text, ts, threadTs }) => ({ text, ts, ...(threadTs !== undefined && { threadTs }) })),
    whispers: () => workspace.ephemerals.map(({ user, text }) => ({ user, text })),
    stop: async () => await workspace.close(),
  };
});
