"""Starts MiniStack with one door open that AWS keeps for itself: events of an `aws.` source, as CloudTrail puts them."""

import functools
import sys

from ministack import app
from ministack.services import eventbridge

eventbridge._put_events = functools.partial(eventbridge._put_events, allow_aws_source=True)
sys.exit(app.main())
