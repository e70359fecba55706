/** Where the policy is unless someone says otherwise. */
export const defaultPolicyFile = "policy/policy.yaml";

/** What `--assume-min-age` does, in every command that has it. */
export const assumeMinAge = "take every tag and alias to be as old as the policy wants (labels.minAge)";
