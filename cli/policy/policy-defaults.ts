/** Where the policy is unless somebody says otherwise. */
export const defaultPolicyFile = "policy/policy.yaml";
