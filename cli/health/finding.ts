/** What was found of one part of a stack. `unknown` with `needs` could not be looked at. */
export interface Finding {
  readonly subject: string;
  readonly verdict: "good" | "bad" | "unknown";
  /** What was found, and for a bad one what to do. */
  readonly found: string;
  /** What it takes to look: a permission or a flag. */
  readonly needs?: string;
}

/** Returns the findings that `judge` makes of the answer; or one each of `subjects` that it could not be had. */
export async function judged<Answer>(
  ask: () => Promise<Answer>,
  judge: (answer: Answer) => readonly Finding[],
  unanswered: {
    readonly subjects: readonly string[];
    readonly needs: string;
    readonly text: (error: unknown) => string;
  },
): Promise<readonly Finding[]> {
  try {
    return judge(await ask());
  } catch (error) {
    const { subjects, needs, text } = unanswered;
    return subjects.map((subject) => ({ subject, verdict: "unknown", found: text(error), needs }));
  }
}
