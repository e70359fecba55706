import { canonicalJson } from "../../lib/domain/ledger/canonical-json.ts";

interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

/** One line for what happens to a resource: `+` made, `-` removed, `~` changed, with the properties that change. */
export function changesBetween(before: string | undefined, after: string): readonly string[] {
  const old = resourcesOf(before);
  const next = resourcesOf(after);
  const ids = [...new Set([...Object.keys(old), ...Object.keys(next)])].sort();
  return ids.flatMap((id) => {
    const [was, is] = [old[id], next[id]];
    if (was === undefined) return [`+ ${id} (${is?.Type})`];
    if (is === undefined) return [`- ${id} (${was.Type})`];
    const changed = changedProperties(was, is);
    return changed.length === 0 ? [] : [`~ ${id} (${is.Type}): ${changed.join(", ")}`];
  });
}

function resourcesOf(template: string | undefined): Readonly<Record<string, Resource>> {
  if (template === undefined) return {};
  return (JSON.parse(template) as { Resources?: Record<string, Resource> }).Resources ?? {};
}

function changedProperties({ Properties: was = {} }: Resource, { Properties: is = {} }: Resource): string[] {
  const names = [...new Set([...Object.keys(was), ...Object.keys(is)])].sort();
  return names.filter((name) => textOf(was[name]) !== textOf(is[name]));
}

function textOf(value: unknown): string {
  return canonicalJson({ value: value ?? null });
}
