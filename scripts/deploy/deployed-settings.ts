import { quoted } from "../../lib/domain/printable-text.ts";
import { type Described, settingChanges } from "./setting-changes.ts";
import { parameterNames, type StackSettings, settingNames } from "./settings.ts";

/** What a stack is to be, by the stage's file and its policy. */
export interface Intended {
  readonly stackName: string;
  readonly region: string;
  readonly settings: StackSettings;
  readonly mode: "observe" | "enforce";
  /** SHA-256 of the canonical policy. */
  readonly policyHash: string;
}

/** A difference between the running stack and the stage's file. */
interface Difference {
  readonly name: string;
  readonly running: string;
  readonly file: string;
}

/** Returns everything in which the running stack differs from the stage's file, in words with what to do; empty if nothing does. */
export function settingMismatches(running: Described, intended: Intended): readonly string[] {
  const { settings, mode, policyHash, stackName } = intended;
  const hash = running.outputs["PolicyHash"] ?? "unknown";
  const differences: Difference[] = settingChanges(running, settings, mode).map(({ name, from, to }) => ({
    name,
    running: from,
    file: to,
  }));
  if (hash !== policyHash) differences.push({ name: "policyHash", running: hash, file: policyHash });
  if (differences.length === 0) return [];
  const lines = differences.map(
    ({ name, running: value, file }) => `${name}: running ${quoted(value)}, the file says ${quoted(file)}`,
  );
  const isSetting = ({ name }: Difference) => Object.hasOwn(parameterNames, name);
  const differs = (...names: readonly string[]) => differences.some(({ name }) => names.includes(name));
  return [
    ...lines,
    ...(differs("mode", "policyHash")
      ? [`another policy is running in ${stackName}: deploy the stage's file (npm run deploy)`]
      : []),
    ...(differs("tags", "cloudFormationRole")
      ? [`no parameter of ${stackName} sets its tags and role: deploy the stage's file (npm run deploy)`]
      : []),
    ...(differences.some(isSetting) ? [`to set the parameters: \`${updateCommand(running, intended)}\``] : []),
  ];
}

/** Returns the command that gives the running template the parameters of the stage's file. */
function updateCommand({ parameters }: Described, { stackName, region, settings }: Intended): string {
  const ours = new Set(Object.values(parameterNames));
  const values = settingNames.map((name) => `ParameterKey=${parameterNames[name]},ParameterValue=${settings[name]}`);
  const others = Object.keys(parameters).filter((name) => !ours.has(name));
  const kept = others.map((name) => `ParameterKey=${name},UsePreviousValue=true`);
  return `aws cloudformation update-stack --region ${region} --stack-name ${stackName} --use-previous-template --capabilities CAPABILITY_IAM CAPABILITY_NAMED_IAM --parameters ${[...values, ...kept].join(" ")}`;
}
