import type { Block } from "./pages.ts";

const aws = "needs an AWS account";
const stack = "needs a deployed stack; docs/local-world.md does the same in the local world";
const played = "test/documents/recording.test.ts plays a story";
const released = "needs the files of a release; test/release and test/infra/install.test.ts make and use them";
const digest = "shortened digest of an export that is not here";

/** The command blocks that the test does not run, by page and first command, with the reason. */
export const notRun: Readonly<Record<string, string>> = {
  "CONTRIBUTING.md: npm ci && npm test": "runs this test",
  "README.md: npm ci && npm start": "installs, and does not end; test/local/start.test.ts runs npm start",
  "README.md: npm ci && npm test": "runs this test",
  "README.md: npm pack --ignore-scripts=false && npm install -g ./reprieve-*.tgz": "installs for the whole machine",
  "README.md: npm run deploy -- init --stage prod": aws,
  "docs/audit-trail.md: reprieve audit export --stage prod --from 2026-07-01 --to 2026-10-01 --out q3": stack,
  "docs/audit-trail.md: reprieve audit verify q3 --key reprieve/111122223333/eu-central-1/prod+1d6df3ba+AfY3... --digest 74c3f0dd...":
    digest,
  "docs/audit-trail.md: reprieve audit prove kwapwa6qaifllw2h#1 q3 --out proofs --key ...":
    "shortened names; test/cli/audit.test.ts proves a case",
  "docs/audit-trail.md: reprieve audit reconcile q3 --cloudtrail logs --digests digests.jsonl --public-keys keys.json --key reprieve/111122223333/eu-central-1/prod+1d6df3ba+AfY3... --out q3.json":
    "shortened key; test/cli/reconcile.test.ts and test/local/reconcile.test.ts run it",
  "docs/audit-trail.md: aws s3 sync s3://BUCKET/AWSLogs/111122223333/CloudTrail/eu-central-1/ logs/AWSLogs/111122223333/CloudTrail/eu-central-1/":
    aws,
  "docs/audit-trail.md: # 1. Every object names the SHA-256 of the one before it, the first names 64 zeros.":
    "test/infra/audit-recipe.test.ts runs it over a small log",
  "docs/audit-trail.md: aws payment-cryptography list-tags-for-resource --resource-arn ... --output json | jq -jcS '.Tags | map({key: .Key, value: .Value}) | from_entries' | sha256sum":
    aws,
  "docs/audit-trail.md: aws kms create-key --key-spec ECC_NIST_EDWARDS25519 --key-usage SIGN_VERIFY": aws,
  "docs/command.md: reprieve scan --regions us-east-1,eu-west-1": aws,
  "docs/command.md: export REPRIEVE_ENDPOINT=$(aws cloudformation describe-stacks --stack-name reprieve-prod --query \"Stacks[0].Outputs[?OutputKey=='HttpApiUrl'].OutputValue\" --output text)":
    stack,
  "docs/command.md: reprieve permit request '<key ARN>' --principal '<ARN of the role>' --role-id AROA... --person alice --notice 7d --reason \"CHG-9\"":
    stack,
  "docs/command.md: reprieve changes list --operation stop --since 2026-07-01 --stage prod": stack,
  'docs/command.md: reprieve pause --for 2h --reason "INC-7"': stack,
  "docs/console.md: reprieve console --stage prod --region eu-central-1": stack,
  "docs/console.md: ssh -L 4800:127.0.0.1:4800 bastion reprieve console --stage prod --port 4800": stack,
  "docs/deployment.md: npm ci": aws,
  "docs/deployment.md: aws cloudformation deploy --region us-east-1 --stack-name reprieve-prod-iam-tamper --template-file resources/us-east-1/iam-tamper.yml \\":
    aws,
  "docs/deployment.md: npm run stackset -- --stage prod --bucket acme-reprieve --units ou-ab12-cdef3456 --regions us-east-1,eu-west-1 \\":
    "needs a stage's file; test/infra/stackset.test.ts checks its commands",
  "docs/infrastructure-as-code.md: reprieve package --policy policy.yaml --stage prod --out prod": released,
  "docs/local-world.md: npm run -s demo -- --only relabeled-key": played,
  "docs/local-world.md: AWS_ACCESS_KEY_ID=ASIABOB0000000000000 AWS_SECRET_ACCESS_KEY=local reprieve start-key 'change#stop#<key ARN>#<hour>' --reason \"INC-7: stopped by mistake\" --local":
    "names the hour of a change; test/workflow/start-on-request.test.ts starts such a key",
  "docs/many-accounts.md: reprieve cases list --open --accounts accounts.yaml": aws,
  "docs/releases.md: sha256sum --check --ignore-missing SHA256SUMS": released,
  "docs/releases.md: reprieve package --policy policy.yaml --stage prod --out prod": released,
  "docs/releases.md: unzip -p prod/guard-*.zip policy.json | sha256sum": released,
  "docs/releases.md: node reprieve-verify.mjs q3 --key VKEY --digest 74c3f0dd...": released,
  "docs/runbook.md: aws payment-cryptography get-key --key-identifier <key ARN> --query 'Key.[KeyState,Enabled,DeletePendingTimestamp]'":
    aws,
  "docs/runbook.md: aws logs tail /aws/lambda/reprieve-<stage>-guard --since 1h --filter-pattern EFFECT_FAILED": aws,
  "docs/runbook.md: aws logs filter-log-events --log-group-name /aws/lambda/reprieve-<stage>-sweep --start-time $(($(date +%s) - 1800))000 --filter-pattern '{ $.level = \"WARN\" || $.level = \"ERROR\" }' --query 'events[].message'":
    aws,
  "docs/runbook.md: aws scheduler get-schedule --name reprieve-<stage>-sweep --query '[State,ScheduleExpression]'": aws,
  "docs/runbook.md: aws lambda invoke --function-name reprieve-<stage>-sweep --invocation-type Event --cli-binary-format raw-in-base64-out --payload '{}' /dev/stdout":
    aws,
  "docs/runbook.md: aws events enable-rule --name reprieve-<stage>-delete-key": aws,
  "docs/runbook.md: aws cloudformation detect-stack-drift --stack-name reprieve-<stage>": aws,
  "docs/runbook.md: git checkout <released commit> && npm ci && npm run package -- --stage <stage> --policy <policy file>":
    aws,
  "docs/command.md: reprieve approve 'change#alias#alias/prod/pin#<hour>' --reason \"CHG-1234: rotation\"": stack,
  "docs/runbook.md: reprieve approve 'change#alias#<alias>#<hour>' --reason \"CHG-1\"": stack,
  "docs/runbook.md: reprieve permit request '<key ARN>' --principal <ARN of the user or role> --notice 7d --reason \"CHG-9\"":
    stack,
  'docs/runbook.md: reprieve pause --for 2h --reason "INC-7" --endpoint https://<the stack\'s HTTP API>': stack,
  "docs/runbook.md: aws lambda list-event-source-mappings --function-name reprieve-<stage>-guard --query 'EventSourceMappings[].[UUID,State]' --output text":
    aws,
  "docs/runbook.md: aws lambda update-event-source-mapping --uuid <UUID> --enabled": aws,
  "docs/runbook.md: aws lambda put-function-concurrency --function-name reprieve-<stage>-guard --reserved-concurrent-executions 2":
    aws,
  "docs/simulation.md: npm run simulate": "takes many minutes; .ci/run simulates 20 seeds twice",
};

/** Returns the name of a block in the table: its page and first command, without the comment. */
export function keyOf({ page, text }: Pick<Block, "page" | "text">): string {
  const [first = ""] = text.split("\n");
  return `${page}: ${first.replace(/\s+# .*$/, "")}`;
}
