/** A phrase that readers stumble over, and what to write instead. Patterns ignore case. */
export interface BannedPhrase {
  readonly pattern: RegExp;
  readonly instead: string;
}

const phrase = (pattern: string, instead: string): BannedPhrase => ({
  pattern: new RegExp(`\\b(?:${pattern})\\b`, "giu"),
  instead,
});

/** The one list. Add what a review finds; a phrase that is right somewhere gets a narrower pattern, not an exception. */
export const bannedPhrases: readonly BannedPhrase[] = [
  phrase("whoever|whomever", "anyone who, the person who"),
  phrase("somebody|anybody", "someone, anyone"),
  phrase("anew", "again"),
  phrase("for ever", "forever"),
  phrase("at the most", "at most"),
  phrase("(?:this|that|which|it|and) is none", "is not a ..."),
  phrase("(?:came|comes|become|becomes|became) of", "the result of, what happens to"),
  phrase("shows? how it goes", "run with --help for usage"),
  phrase("(?:is|are|was|were|be|been|being|nobody|people|person|custodians) told", "notified"),
  phrase("told of|tells? of", "notified of, reports"),
  phrase("tells? (?:people|nobody|everyone|someone|custodians|one person|them|him|her)", "notifies"),
  phrase("(?:his|her|their|whose|your|Slack's|person's|one's) (?:own )?word", "request, statement"),
  phrase("nobody knows whom", "requester unknown"),
  phrase("leave deletions? alone", "suspend enforcement"),
  phrase("no more than it takes", "only as much as"),
  phrase("is no more", "is over, is gone"),
  phrase("ha(?:s|ve|d) to hear of|hears? of|heard of", "is notified of, learns of"),
  phrase("as they lie|as it lies|speaks? of", "as stored, names"),
  phrase("is it said again|it is said again", "it is republished"),
  phrase("what holds itself|holds itself to", "guarantees"),
];
