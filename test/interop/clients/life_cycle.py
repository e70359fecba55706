"""Life cycles of payment keys with boto3, against the endpoint in argv. Prints one check per line as JSON."""

import json
import sys
import time

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

ENDPOINT = sys.argv[1]
MODES = ["Encrypt", "Decrypt", "Wrap", "Unwrap", "Generate", "Sign", "Verify", "DeriveKey", "NoRestrictions"]
ATTRIBUTES = {
    "KeyUsage": "TR31_D0_SYMMETRIC_DATA_ENCRYPTION_KEY",
    "KeyClass": "SYMMETRIC_KEY",
    "KeyAlgorithm": "AES_256",
    "KeyModesOfUse": {mode: mode in ("Encrypt", "Decrypt", "Wrap", "Unwrap") for mode in MODES},
}


def client_of(access_key, service="payment-cryptography", **config):
    """Returns a client; the local world knows people by their access key, and keeps AWS's quota of 5 calls a second."""
    return boto3.client(
        service,
        endpoint_url=ENDPOINT,
        region_name="us-east-1",
        aws_access_key_id=access_key,
        aws_secret_access_key="local",
        config=Config(retries={"mode": "standard", "total_max_attempts": 10}, **config),
    )


def check(name, found, expected):
    """Prints one check."""
    line = {"name": f"boto3: {name}", "holds": found == expected}
    if found != expected:
        line["found"] = f"expected {expected}, found {found}"
    print(json.dumps(line), flush=True)


def code_of(call, **arguments):
    """Returns the code of the error that a call ends with."""
    try:
        call(**arguments)
    except ClientError as error:
        return error.response["Error"]["Code"]
    return "no error"


def state_of(client, arn):
    """Returns the key's state and whether it is enabled."""
    key = client.get_key(KeyIdentifier=arn)["Key"]
    return [key["KeyState"], key["Enabled"]]


def until(client, arn, expected):
    """Polls until the key is in the state, for two minutes; returns the last state."""
    for _ in range(240):
        state = state_of(client, arn)
        if state == expected:
            break
        time.sleep(0.5)
    return state


mallory = client_of("AKIAMALLORY000000000")
reaper = client_of("ASIAREAPER0000000000")
arn = mallory.create_key(KeyAttributes=ATTRIBUTES, Exportable=True)["Key"]["KeyArn"]
check("a key is created enabled", state_of(mallory, arn), ["CREATE_COMPLETE", True])
alias = mallory.create_alias(AliasName="alias/interop", KeyArn=arn)["Alias"]
check("an alias names its key", mallory.get_key(KeyIdentifier=alias["AliasName"])["Key"]["KeyArn"], arn)
mallory.tag_resource(ResourceArn=arn, Tags=[{"Key": "Environment", "Value": "prod"}])
tags = mallory.list_tags_for_resource(ResourceArn=arn)["Tags"]
check("a tag is stored", tags, [{"Key": "Environment", "Value": "prod"}])
listed = [key["KeyArn"] for page in mallory.get_paginator("list_keys").paginate(PaginationConfig={"PageSize": 5}) for key in page["Keys"]]
check("the paginator lists every key once", [len(listed), len(set(listed)), arn in listed], [12, 12, True])
pending = mallory.delete_key(KeyIdentifier=arn, DeleteKeyInDays=3)["Key"]
check("DeleteKey schedules the deletion", pending["KeyState"], "DELETE_PENDING")
days = (pending["DeletePendingTimestamp"] - pending["CreateTimestamp"]).days
check("the waiting period is the one asked for", days, 3)
check("the guard brings the key back", until(mallory, arn, ["CREATE_COMPLETE", True]), ["CREATE_COMPLETE", True])
mallory.stop_key_usage(KeyIdentifier=arn)
check("usage stops", state_of(mallory, arn), ["CREATE_COMPLETE", False])
mallory.start_key_usage(KeyIdentifier=arn)
check("usage starts", state_of(mallory, arn), ["CREATE_COMPLETE", True])
check("RestoreKey of a key that is not pending", code_of(mallory.restore_key, KeyIdentifier=arn), "ValidationException")
unknown = arn[:-16] + "0" * 16
check("GetKey of an unknown key", code_of(mallory.get_key, KeyIdentifier=unknown), "ResourceNotFoundException")
unchecked = client_of("AKIAMALLORY000000000", parameter_validation=False)
check("a waiting period of 2 days", code_of(unchecked.delete_key, KeyIdentifier=arn, DeleteKeyInDays=2), "ValidationException")
test_key = mallory.get_alias(AliasName="alias/test/terminal-3")["Alias"]["KeyArn"]
reaper.delete_key(KeyIdentifier=test_key, DeleteKeyInDays=7)
dynamodb = client_of("AKIAYOU0000000000000", "dynamodb")
for _ in range(240):
    key = {"pk": {"S": f"case#{test_key}"}, "sk": {"N": "1"}}
    item = dynamodb.get_item(TableName="reprieve-dev-cases", Key=key).get("Item", {})
    kinds = [json.loads(entry["S"])["kind"] for entry in item.get("entries", {"L": []})["L"]]
    if "deletion-allowed" in kinds:
        break
    time.sleep(0.5)
check("a deletion that the policy allows is recorded", "deletion-allowed" in kinds, True)
check("and nothing was tried against it", [kind for kind in kinds if "intended" in kind], [])
check("and stays", state_of(mallory, test_key)[0], "DELETE_PENDING")
