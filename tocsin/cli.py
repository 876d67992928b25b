"""The command `tocsin`: results on stdout, talk on stderr; exit 0 done, 1 something failed, 2 the user's words."""

import os
import sys

import typer
from pydantic import ValidationError
from sqlalchemy.exc import DatabaseError

from classifiers.detoxify_backend import DetoxifyUnavailable
from classifiers.embedded import WeightsUnusable
from collectors.archive import ArchiveError
from collectors.collector import CollectError
from collectors.register_file import PeopleInvalid
from incidents.lifecycle import ActRefused, IncidentUnknown
from policies.problem import PolicyError
from tocsin.commands import (
    classify,
    duty,
    evaluate,
    evidence,
    guard,
    incident,
    judge,
    labels,
    operate,
    people,
    policy,
    privacy,
    recalibrate,
    reconcile,
    silence,
    slack,
    whole,
)
from tocsin.errors import Misconfigured, StepFailed
from tocsin.settings import Settings
from tocsin.shown import plain
from warehouse.adoptions import AdoptionRefused, VersionUnknown, VersionUnreadable
from warehouse.engine import DatabaseUnavailable, DatabaseUrlInvalid
from warehouse.people import PersonUnclear, PersonUnknown
from warehouse.privacy import UnknownAuthor
from warehouse.pseudonyms import PseudonymKeyInvalid

WRONG_WORDS = (
    Misconfigured,
    PolicyError,
    ArchiveError,
    ActRefused,
    UnknownAuthor,
    PeopleInvalid,
    PersonUnclear,
    PersonUnknown,
    VersionUnknown,
    VersionUnreadable,
    AdoptionRefused,
    DatabaseUrlInvalid,
    PseudonymKeyInvalid,
    DetoxifyUnavailable,
    WeightsUnusable,
)
INTERRUPTED, STOPPED = 130, "stopped; what was stored is kept, and the next run goes on from there"
FAILED = (StepFailed, CollectError, DatabaseUnavailable, DatabaseError, OSError)

app = typer.Typer(
    name="tocsin",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="""Watches what the public says about your organisation, judges it against **your own written policy**, tells
the right people about the few posts that matter, and leaves every fact in a warehouse.

Start with `tocsin run`: one pass over a sample archive, no credentials needed. Then `tocsin init` for your own
organisation, and `tocsin sources` to see what can be collected.""",
)

COMMANDS = (
    whole,
    judge,
    duty,
    classify,
    evaluate,
    guard,
    incident,
    silence,
    slack,
    evidence,
    labels,
    policy,
    recalibrate,
    people,
    privacy,
    operate,
    reconcile,
)
for module in COMMANDS:
    module.attach(app)


def main() -> None:
    """The entry point: runs the command and turns known errors into one line and an exit status."""
    try:
        try:
            app()  # typer names wrong words itself, and exits
        finally:
            sys.stdout.flush()  # a pipe that nobody reads any more is noticed here, not while Python shuts down
    except ValidationError as error:
        if error.title != Settings.__name__:
            raise
        _complain(2, "\n".join(f"TOCSIN_{'.'.join(map(str, e['loc'])).upper()}: {e['msg']}" for e in error.errors()))
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(1) from None
    except IncidentUnknown as error:
        _complain(2, f"{error}; `tocsin incident list` shows those there are")
    except WRONG_WORDS as error:
        _complain(2, str(error))
    except StepFailed as error:
        _complain(1, str(error))
    except FAILED as error:
        _complain(1, f"{type(error).__name__}: {error}")
    except SystemExit as end:
        if end.code == INTERRUPTED:  # what typer makes of Ctrl-C, without a word
            _complain(INTERRUPTED, STOPPED)
        raise
    except KeyboardInterrupt:
        _complain(INTERRUPTED, STOPPED)


def _complain(status: int, message: str) -> None:
    for line in plain(message).splitlines() or ["no reason was given"]:
        print(f"tocsin: {line}", file=sys.stderr)  # noqa: T201
    raise SystemExit(status)
