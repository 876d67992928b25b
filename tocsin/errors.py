"""Errors that a command reports in one line: exit 2 where the user's words or configuration are wrong, 1 elsewhere."""


class Misconfigured(Exception):
    """The user's words or settings are wrong; the message names the fix."""


class StepFailed(Exception):
    """A step of the pipeline did not do its work; the message names which and why."""


class DoneInPart(StepFailed):
    """What could be done is done, and to try again would do it twice; the message names what is left."""
