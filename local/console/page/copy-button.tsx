import { useState } from "preact/hooks";

/** Copies `text`; says that it did. */
export function CopyButton({ text, what }: { readonly text: string; readonly what: string }) {
  const [said, say] = useState("Copy");
  const copy = async () => {
    const done = await navigator.clipboard.writeText(text).then(
      () => true,
      () => false,
    );
    say(done ? "Copied" : "Not copied");
    setTimeout(() => say("Copy"), 2000);
  };
  return (
    <button type="button" class="small" onClick={() => void copy()} aria-label={`${said} ${what}`}>
      {said}
    </button>
  );
}
