import { useState } from "preact/hooks";

/** Copies `text`; says that it did. */
export function CopyButton({ text, content }: { readonly text: string; readonly content: string }) {
  const [label, say] = useState("Copy");
  const copy = async () => {
    const done = await navigator.clipboard.writeText(text).then(
      () => true,
      () => false,
    );
    say(done ? "Copied" : "Not copied");
    setTimeout(() => say("Copy"), 2000);
  };
  return (
    <button type="button" class="small" onClick={() => void copy()} aria-label={`${label} ${content}`}>
      {label}
    </button>
  );
}
