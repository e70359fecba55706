"""Handles one event as Cloud Custodian's Lambda function does, in the folder of its config.json; prints what it took in ms."""

import json
import sys
import time

BEGAN = time.perf_counter()
from c7n import handler, resources  # noqa: E402

resources.load_resources(("aws.payment-cryptography-key",))
IMPORTED = time.perf_counter()


class Context:
    """What Lambda passes beside the event."""

    aws_request_id = "11111111-1111-4111-8111-111111111111"
    function_name = "custodian-payment-keys"
    memory_limit_in_mb = 512

    @staticmethod
    def get_remaining_time_in_millis():
        return 60_000


with open(sys.argv[1], encoding="utf-8") as file:
    event = json.load(file)
handler.dispatch_event(event, Context())
HANDLED = time.perf_counter()
print(json.dumps({"importMs": (IMPORTED - BEGAN) * 1000, "eventMs": (HANDLED - IMPORTED) * 1000}))
