import { describe, expect, it } from "vitest";
import { spansOf } from "../../../local/slack/mrkdwn-spans.ts";

const names = new Map([
  ["U0ALICE", "@alice"],
  ["C0PAYMENTS", "#payment-keys"],
]);
const plain = (text: string) => ({ text, marks: [] });

describe("Slack's mark-up", () => {
  it.each([
    ["*bold*", { text: "bold", marks: ["bold"] }],
    ["_italic_", { text: "italic", marks: ["italic"] }],
    ["~gone~", { text: "gone", marks: ["strike"] }],
    ["`a *b* &lt;`", { text: "a *b* <", marks: ["code"] }],
    ["```a\nb```", { text: "a\nb", marks: ["block"] }],
    ["<@U0ALICE>", { text: "@alice", mention: true, marks: [] }],
    ["<#C0PAYMENTS|keys>", { text: "#payment-keys", mention: true, marks: [] }],
    ["<@U0NOBODY>", { text: "@U0NOBODY", mention: true, marks: [] }],
    ["<!channel>", { text: "@channel", mention: true, marks: [] }],
    ["<https://a.example/?b&amp;c|see>", { text: "see", href: "https://a.example/?b&c", marks: [] }],
    ["<javascript:alert(1)|see>", plain("see")],
    ["<!date^1716839394^{time}|19:49>", { text: "19:49", date: { seconds: 1716839394, format: "{time}" }, marks: [] }],
    ["snake_case_name and 2*3*4", plain("snake_case_name and 2*3*4")],
  ])("%s", (mrkdwn, span) => {
    expect(spansOf(mrkdwn, names)).toEqual([span]);
  });

  it("nests", () => {
    expect(spansOf("*by <@U0ALICE>, _soon_*", names)).toEqual([
      { text: "by ", marks: ["bold"] },
      { text: "@alice", mention: true, marks: ["bold"] },
      { text: ", ", marks: ["bold"] },
      { text: "soon", marks: ["bold", "italic"] },
    ]);
  });

  it("unescapes once, and what was escaped is never mark-up", () => {
    expect(spansOf("&lt;!channel&gt; &amp;lt;b&amp;gt;", names)).toEqual([plain("<!channel> &lt;b&gt;")]);
  });
});
