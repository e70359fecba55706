import type { Contradiction } from "../../cli/shell/checked-yaml.ts";
import type { Stage } from "./stage-schema.ts";

/** Returns every field that another one contradicts, with what is expected. */
export function contradictions(stage: Stage): readonly Contradiction[] {
  const { witness, signingKey, cloudFormationRole, deployerRole } = stage;
  const unsigned = {
    path: ["witness"],
    message: "expected none, as `signingKey` is none: it cosigns signed checkpoints",
  };
  const twoDeployers = {
    path: ["deployerRole"],
    message:
      "expected `cloudFormationRole`, or none: it is the role as which CloudFormation changes queues and secrets",
  };
  const differ = deployerRole !== "none" && cloudFormationRole !== "none" && deployerRole !== cloudFormationRole;
  return [
    ...(witness !== "none" && signingKey === "none" ? [unsigned] : []),
    ...(differ ? [twoDeployers] : []),
    ...contradictionsOfPlaces(stage),
    ...otherAccounts(stage),
  ];
}

function contradictionsOfPlaces({ places, slack, auditKey }: Stage): Contradiction[] {
  const names = places.map(({ account, region }) => `${account} ${region}`);
  const keyAccount = auditKey.split(":")[4];
  return places.flatMap(({ slackApp, account }, n) => [
    ...(account === keyAccount
      ? [
          {
            path: ["auditKey"],
            message: `expected a key of another account than \`${account}\`: who deletes it there shreds the evidence`,
          },
        ]
      : []),
    ...(names.indexOf(names[n] ?? "") === n ? [] : [{ path: ["places", n], message: `\`${names[n]}\` appears twice` }]),
    ...(slack === "none" && slackApp !== "none"
      ? [{ path: ["places", n, "slackApp"], message: "expected none, as `slack` is none" }]
      : []),
  ]);
}

/** IAM takes a boundary, and CloudFormation a role, of the stack's own account alone. */
function otherAccounts({ places, permissionsBoundary, cloudFormationRole }: Stage): readonly Contradiction[] {
  return Object.entries({ permissionsBoundary, cloudFormationRole }).flatMap(([name, arn]) => {
    const [, , , , owner = ""] = arn.split(":");
    const other = places.find(({ account }) => account !== owner);
    if (arn === "none" || owner === "aws" || other === undefined) return [];
    const message = `expected an ARN of \`${other.account}\`: it has to belong to the account of every place. Give each account a file of its own (--file)`;
    return [{ path: [name], message }];
  });
}
