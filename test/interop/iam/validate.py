"""Validates IAM policies with moto. Reads a JSON list of {name, kind, document}, and prints {name, error} for each."""

import json
import sys

from moto.iam.policy_validation import IAMPolicyDocumentValidator, IAMTrustPolicyDocumentValidator

VALIDATORS = {"permissions": IAMPolicyDocumentValidator, "trust": IAMTrustPolicyDocumentValidator}


def error_of(policy):
    """Returns why the policy is refused, or None."""
    try:
        VALIDATORS[policy["kind"]](json.dumps(policy["document"])).validate()
    except Exception as error:  # moto raises its answer to the caller
        return str(error)
    return None


print(json.dumps([{"name": policy["name"], "error": error_of(policy)} for policy in json.load(sys.stdin)]))
