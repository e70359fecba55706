import * as v from "valibot";
import { readVerifierKey } from "../../lib/domain/log/verifier-key.ts";
import { isRegion, isStage } from "../../lib/domain/stack-place.ts";

/** More accounts than an organization of AWS has by default, in a Region each. */
export const maxPlaces = 2_000;

const matching = (pattern: RegExp, expected: string) => v.pipe(v.string(expected), v.regex(pattern, expected));
const isFields = (value: unknown) => typeof value === "object" && value !== null && !Array.isArray(value);
const someFields = v.custom<object>(isFields, "expected fields");
const fields = <Entries extends v.ObjectEntries>(entries: Entries) => v.pipe(someFields, v.strictObject(entries));

const where = {
  account: matching(/^\d{12}$/, "expected an account id of 12 digits, in quotes"),
  region: v.pipe(v.string("expected a region"), v.check(isRegion, "expected a region such as us-east-1")),
};
const profile = matching(/^[\w.@-]{1,100}$/, "expected a profile of the AWS configuration, or none");
const stage = v.pipe(v.string("expected a stage"), v.check(isStage, "expected a stage such as prod"));

const place = fields({
  ...where,
  name: v.exactOptional(
    matching(/^[a-z0-9][a-z0-9-]{0,63}$/, "expected a name of lower-case letters, digits and hyphens, at most 64"),
  ),
  stage: v.exactOptional(stage),
  profile: v.exactOptional(profile),
  roleArn: v.exactOptional(
    matching(
      /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]{1,512}$/,
      "expected the ARN of an IAM role (arn:aws:iam::<account>:role/<path and name>)",
    ),
  ),
  externalId: v.exactOptional(matching(/^[\w+=,.@:/-]{2,1224}$/, "expected an external id of 2 to 1224 characters")),
  sessionName: v.exactOptional(matching(/^[\w+=,.@-]{2,64}$/, "expected a session name of 2 to 64 characters")),
  key: v.exactOptional(
    v.pipe(
      v.string("expected a verifier key"),
      v.check((text) => readVerifierKey(text) !== undefined, "expected a verifier key (name+id+base64)"),
    ),
  ),
  endpoint: v.exactOptional(
    v.pipe(
      v.string("expected a URL"),
      v.check(
        (text) => /^https?:\/\//.test(text) && URL.canParse(text),
        "expected the URL of the stack's HTTP API, its output HttpApiUrl",
      ),
    ),
  ),
  endpointUrl: v.exactOptional(
    v.pipe(
      v.string("expected a URL"),
      v.check((text) => /^https?:\/\//.test(text) && URL.canParse(text), "expected the URL of an AWS emulator"),
    ),
  ),
});

const places = <Item extends v.GenericSchema>(item: Item) =>
  v.pipe(
    v.array(item, "expected a list of places"),
    v.minLength(1, "expected at least one place"),
    v.maxLength(maxPlaces, `expected at most ${maxPlaces} places`),
  );

const accountsFile = fields({ stage: v.exactOptional(stage), places: places(place) });

/** Of a stage file only what names its places; `reprieve deploy` checks the rest. */
const stagePlace = v.pipe(someFields, v.object({ ...where, profile }));
const stageFile = v.object({ stage, places: places(stagePlace) });

export type AccountsFile = v.InferOutput<typeof accountsFile> | v.InferOutput<typeof stageFile>;

/** Returns the schema of an accounts file, or for a value with a policy that of a stage file. */
export function accountsSchemaFor(value: unknown): v.GenericSchema<unknown, AccountsFile> {
  return isFields(value) && Object.hasOwn(value as object, "policy") ? stageFile : accountsFile;
}
