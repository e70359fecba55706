import { readFileSync, unwatchFile, watchFile } from "node:fs";
import { canonicalJson, sha256Hex } from "../../lib/domain/ledger/canonical-json.ts";
import { compilePolicy, type Policy } from "../../lib/domain/policy/policy.ts";
import { readPlainYaml } from "../../lib/domain/policy/yaml/plain-yaml.ts";
import { readPolicyYaml } from "../../lib/domain/policy/yaml/policy-yaml.ts";
import type { YamlPath } from "../../lib/domain/policy/yaml/yaml-places.ts";
import type { PolicyPart } from "./parts.ts";

/** How often (ms) the file is looked at: by time, because editors replace files in ways of their own. */
const lookEveryMs = 250;

export interface PolicyWatchOptions {
  readonly file: string;
  /** Has the guard run with the policy in the file. */
  readonly deploy: () => Promise<void>;
  readonly changed: () => void;
}

/** The policy file: shown as it is, decided with at once, and given to the guard whenever it is saved and holds. */
export class PolicyWatch {
  readonly #options: PolicyWatchOptions;
  #part: PolicyPart;
  #policy: Policy | undefined;
  /** Text of the policy that the guard was last given. */
  #deployed: string;
  #deploying: Promise<void> | undefined;

  constructor(options: PolicyWatchOptions) {
    this.#options = options;
    const text = textOf(options.file);
    this.#deployed = text;
    this.#part = this.#read(text);
    watchFile(options.file, { interval: lookEveryMs }, () => this.#look());
  }

  get part(): PolicyPart {
    const stale = this.#part.text !== this.#deployed;
    return { ...this.#part, guard: this.#deploying ? "building" : stale ? "stale" : "runs-it" };
  }

  /** The policy of the file, or while that has faults the one before. */
  get policy(): Policy | undefined {
    return this.#policy;
  }

  close(): void {
    unwatchFile(this.#options.file);
  }

  #look(): void {
    const text = textOf(this.#options.file);
    if (text === this.#part.text) return;
    this.#part = this.#read(text);
    this.#options.changed();
    this.#deploying ??= this.#deploy().finally(() => {
      this.#deploying = undefined;
      this.#options.changed();
    });
  }

  /** Until what the guard runs is what the file says; a file with faults is never given to it. */
  async #deploy(): Promise<void> {
    while (this.#part.text !== this.#deployed && this.#part.faults.length === 0) {
      const { text } = this.#part;
      try {
        await this.#options.deploy();
      } catch (error) {
        const message = error instanceof Error ? (error.message.split("\n")[0] ?? "") : "failed";
        this.#part = { ...this.#part, faults: [{ line: 1, column: 1, field: "", message: `not built: ${message}` }] };
        return;
      }
      this.#deployed = text;
    }
  }

  #read(text: string): PolicyPart {
    const { file } = this.#options;
    const read = readPolicyYaml(text);
    // With faults the one before still holds: the guard runs it.
    if (read.ok) this.#policy = compilePolicy(read.document, sha256Hex(canonicalJson(read.document)));
    const found = read.ok
      ? []
      : text === ""
        ? [{ ...nowhere, message: "the file cannot be read, or is empty" }]
        : read.faults;
    const judged = { mode: this.#policy?.mode ?? "", faults: found, doubts: read.ok ? read.warnings : [] };
    return { file, text, rules: linesOfRules(text), guard: "runs-it", ...judged };
  }
}

const nowhere = { line: 1, column: 1, field: "" };

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

/** Where each rule stands, and the default, as far as the file can be read. */
function linesOfRules(text: string): PolicyPart["rules"] {
  const yaml = readPlainYaml(text);
  if (!yaml.ok || typeof yaml.value !== "object" || yaml.value === null) return [];
  const { rules, default: fallback } = yaml.value as { rules?: unknown; default?: unknown };
  const placed = (id: string, path: YamlPath) => ({ id, from: yaml.placeOf(path).line, to: yaml.endOf(path) });
  return [
    ...(fallback === undefined ? [] : [placed("default", ["default"])]),
    ...(Array.isArray(rules) ? (rules as ({ id?: unknown } | null)[]) : []).map((rule, n) =>
      placed(String(rule?.id), ["rules", n]),
    ),
  ];
}
