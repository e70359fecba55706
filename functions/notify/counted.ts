import type { CaseChannel } from "../../lib/workflows/notice-ports.ts";
import type { Announcer } from "../../lib/workflows/telling.ts";

/** `announcer`, with every mail and every message that went out counted. */
export function counted(announcer: Announcer, count: (event: "NoticesSent") => void): Announcer {
  const { channel, mail } = announcer;
  const sent =
    <What extends readonly unknown[], Answer>(send: (...what: What) => Promise<Answer>) =>
    async (...what: What): Promise<Answer> => {
      const answer = await send(...what);
      count("NoticesSent");
      return answer;
    };
  const countedChannel = (to: CaseChannel): CaseChannel => ({
    show: sent(to.show),
    reply: sent(to.reply),
    escalate: sent(to.escalate),
    showSummary: sent(to.showSummary),
    say: sent(to.say),
  });
  return { ...announcer, mail: sent(mail), ...(channel && { channel: countedChannel(channel) }) };
}
