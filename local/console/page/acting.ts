import { useState } from "preact/hooks";
import type { Acting } from "../parts.ts";

const storageName = "acting";
const first: Acting = { person: "mallory", days: 3 };

/** Returns as whom this tab acts, also after a reload, and what changes it. Another tab acts as someone else. */
export function useActing(): readonly [Acting, (change: Partial<Acting>) => void] {
  const [acting, set] = useState(remembered);
  const change = (given: Partial<Acting>) => {
    const next = { ...acting, ...given };
    sessionStorage.setItem(storageName, JSON.stringify(next));
    set(next);
  };
  return [acting, change];
}

function remembered(): Acting {
  try {
    return { ...first, ...(JSON.parse(sessionStorage.getItem(storageName) ?? "{}") as Partial<Acting>) };
  } catch {
    return first;
  }
}
