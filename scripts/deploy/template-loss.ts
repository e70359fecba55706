import { canonicalJson } from "../../lib/domain/ledger/canonical-json.ts";
import { isHolding, mayReplace } from "./holding.ts";

interface Resource {
  readonly Type: string;
  readonly Condition?: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

interface Template {
  readonly resources: Readonly<Record<string, Resource>>;
  readonly conditions: unknown;
  readonly parameters: Readonly<Record<string, string>>;
}

/** A stack's template, and the values of its parameters. */
export interface RunningTemplate {
  readonly text: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/**
 * Returns the logical ids of the resources whose contents an update from `before` to the template `after` could lose, judged by the templates alone: what
 * they cannot tell counts as lost. Throws a TypeError for a template that cannot be judged so.
 */
export function possibleLosses(before: RunningTemplate, after: string): readonly string[] {
  const was = parsed(before.text, before.parameters);
  const is = parsed(after, {});
  const ids = Object.keys({ ...was.resources, ...is.resources });
  const changed = ids.filter((id) => textIn(was, was.resources[id]) !== textIn(is, is.resources[id]));
  return changed
    .filter((id) => isHolding(was.resources[id]?.Type ?? "") && loses(was, is, id))
    .concat(unchangedButMoved(was, is, changed));
}

function loses(was: Template, is: Template, id: string): boolean {
  const [old, next] = [was.resources[id], is.resources[id]];
  if (old === undefined || next === undefined || next.Type !== old.Type) return true;
  if (old.Condition !== next.Condition || conditionChanges(was, is, old)) return true;
  const names = Object.keys({ ...old.Properties, ...next.Properties });
  return names.some(
    (name) => mayReplace(old.Type, name) && textIn(was, old.Properties?.[name]) !== textIn(is, next.Properties?.[name]),
  );
}

/** A resource's text may stay while its condition turns, or a resource that its name is made of changes. */
function unchangedButMoved(was: Template, is: Template, changed: readonly string[]): string[] {
  const others = Object.entries(was.resources).filter(([id, { Type }]) => isHolding(Type) && !changed.includes(id));
  return others.filter(([, old]) => conditionChanges(was, is, old) || dependsOn(was, old, changed)).map(([id]) => id);
}

function conditionChanges(was: Template, is: Template, { Condition }: Resource): boolean {
  return Condition !== undefined && textIn(was, was.conditions) !== textIn(is, is.conditions);
}

function dependsOn(was: Template, { Type, Properties = {} }: Resource, changed: readonly string[]): boolean {
  const texts = Object.entries(Properties).flatMap(([name, value]) =>
    mayReplace(Type, name) ? textIn(was, value) : [],
  );
  return changed.some((id) => texts.some((text) => text.includes(`"${id}"`) || text.includes(`\${${id}`)));
}

/** The text of a value with its parameters' values in it: two values are one if their texts are. */
function textIn({ parameters }: Template, value: unknown): string {
  let text = canonicalJson({ value: value ?? null });
  for (const [name, given] of Object.entries(parameters)) {
    text = text.replaceAll(`{"Ref":${JSON.stringify(name)}}`, () => JSON.stringify(given));
    text = text.replaceAll(`\${${name}}`, () => JSON.stringify(given).slice(1, -1));
  }
  return text;
}

function parsed(text: string, given: Readonly<Record<string, string>>): Template {
  const template = objectOf(text);
  // They can change any resource without a change of its text.
  const opaque = ["Transform", "Mappings"].find((section) => template[section] !== undefined);
  if (opaque !== undefined) throw new TypeError(`a template with ${opaque} cannot be compared`);
  const {
    Resources = {},
    Conditions = null,
    Parameters = {},
  } = template as {
    Resources?: Record<string, Resource>;
    Conditions?: unknown;
    Parameters?: Record<string, { Default?: unknown }>;
  };
  const parameters = Object.entries(Parameters).map(([id, { Default }]) => [id, given[id] ?? String(Default ?? "")]);
  return { resources: Resources, conditions: Conditions, parameters: Object.fromEntries(parameters) };
}

function objectOf(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  } catch {
    // Falls through: CloudFormation also keeps YAML, which this stack never was.
  }
  throw new TypeError("the running template is not JSON");
}
