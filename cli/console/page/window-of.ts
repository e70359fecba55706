import type { RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

/** Rows beyond the edge that are drawn too, so that scrolling shows no gap. */
const margin = 8;

/** Which of `count` rows of one height (px) are in sight: only those are drawn, however many there are. */
export function useWindow<Element extends HTMLElement>(
  count: number,
  rowHeight: number,
): { readonly ref: RefObject<Element | null>; readonly from: number; readonly to: number } {
  const ref = useRef<Element>(null);
  const [sight, see] = useState({ top: 0, height: 600 });
  useEffect(() => {
    const box = ref.current;
    if (box === null) return undefined;
    const look = () => see({ top: box.scrollTop, height: box.clientHeight });
    const resized = new ResizeObserver(look);
    resized.observe(box);
    box.addEventListener("scroll", look, { passive: true });
    return () => {
      resized.disconnect();
      box.removeEventListener("scroll", look);
    };
  }, []);
  const from = Math.max(0, Math.min(count, Math.floor(sight.top / rowHeight) - margin));
  const to = Math.min(count, Math.ceil((sight.top + sight.height) / rowHeight) + margin);
  return { ref, from, to };
}
