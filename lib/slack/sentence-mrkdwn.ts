import type { Sentence } from "../notices/prose.ts";
import { code, slackTime } from "./mrkdwn.ts";

/** Characters of one name, and what its escapes may make of it: a paragraph takes 3,000. */
const maxName = 160;
const maxNameEscaped = 400;

/** Returns a sentence as mrkdwn: text from events stands in code, in which no mark means anything. */
export function sentenceMrkdwn(sentence: Sentence): string {
  return sentence
    .map((part) => {
      if (typeof part === "string") return part;
      if ("strong" in part) return `*${part.strong}*`;
      if ("time" in part) return `*${slackTime(part.time)}*`;
      return "name" in part ? code(part.name, maxName, maxNameEscaped) : code(part.code);
    })
    .join("");
}
