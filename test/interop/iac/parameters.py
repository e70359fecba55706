"""Prints, as JSON, the stack that a Terraform file declares, as python-hcl2 parses it."""

import json
import sys

import hcl2


def plain(text):
    """A name or a text without the quotes that newer versions keep."""
    return text.strip('"') if isinstance(text, str) else text


with open(sys.argv[1], encoding="utf-8") as file:
    parsed = hcl2.load(file)
stacks = [
    (plain(name), body)
    for resource in parsed["resource"]
    for kind, named in resource.items()
    if plain(kind) == "aws_cloudformation_stack"
    for name, body in named.items()
]
[(name, body)] = stacks
parameters = body["parameters"]
print(json.dumps({"name": plain(body["name"]), "parameters": [plain(each) for each in parameters]}))
