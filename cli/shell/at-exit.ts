const acts = new Set<() => void>();

function runAll(): void {
  for (const act of acts) act();
}

/**
 * Calls `act` when the process exits, unless the returned function is called before. One listener serves all: Node.js warns of a leak from the
 * eleventh listener on, and `--parallel 16` has more things to undo.
 */
export function atExit(act: () => void): () => void {
  if (acts.size === 0) process.once("exit", runAll);
  acts.add(act);
  return () => {
    acts.delete(act);
    if (acts.size === 0) process.off("exit", runAll);
  };
}
