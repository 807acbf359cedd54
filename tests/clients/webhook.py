"""Verifies a message of a webhook: SECRET, and {body, headers} as JSON on standard input. A changed body must not
be accepted."""

import json
import sys

from standardwebhooks import Webhook, WebhookVerificationError

webhook = Webhook(sys.argv[1])
message = json.load(sys.stdin)
assert webhook.verify(message["body"], message["headers"])["type"] == "suggestion.events"
try:
    webhook.verify(message["body"] + " ", message["headers"])
except WebhookVerificationError:
    pass
else:
    raise AssertionError("a changed body was accepted")
