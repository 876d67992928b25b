"""What a validation error says to the author of a pack: what is wrong in their words, and what would be right."""

from collections.abc import Callable

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from policies.policy import (
    CATEGORY_NAMES,
    Account,
    Category,
    Clause,
    Organisation,
    Policy,
    Retention,
    Route,
    Vocabulary,
)
from policies.references import suggestion
from policies.source import Place

_PARTS: dict[str, tuple[int, type[BaseModel]]] = {  # top-level key: how deep its objects stand, and what they are
    "organisation": (1, Organisation),
    "clauses": (2, Clause),
    "vocabulary": (1, Vocabulary),
    "accounts": (2, Account),
    "categories": (2, Category),
    "routes": (2, Route),
    "retention": (1, Retention),
}


def message(detail: ErrorDetails, place: Place) -> str:
    """The sentence for one of pydantic's errors at `place`; one that we have no words for keeps pydantic's."""
    say = _SAYINGS.get(detail["type"])
    if say is None:
        return f"{detail['msg'][:1].lower()}{detail['msg'][1:]}: it is {str(detail['input'])[:40]!r}"
    return say(detail, place)


def _missing(detail: ErrorDetails, place: Place) -> str:
    return f"is missing: add '{place[-1]}:' here"


def _unknown_key(detail: ErrorDetails, place: Place) -> str:
    depth, part = _PARTS.get(str(place[0]), (0, Policy))
    model = part if len(place) == depth + 1 else Policy
    beside = [name for name in model.model_fields if name != "version"]
    return f"is not a key of a pack: {suggestion(str(place[-1]), beside)}"


def _unknown_choice(detail: ErrorDetails, place: Place) -> str:
    if "[key]" in detail["loc"]:
        return f"is not a category: {suggestion(str(place[-1]), CATEGORY_NAMES)}"
    expected = str(detail.get("ctx", {}).get("expected", "")).replace(" or ", ",")
    choices = [word.strip("' ") for word in expected.split(",")]
    return f"cannot be {detail['input']!r}: {suggestion(str(detail['input']), choices)}"


def _not_text(detail: ErrorDetails, place: Place) -> str:
    value = detail["input"]
    if value is None:
        return "is empty: write some text"
    if isinstance(value, list | dict):
        return "must be one text, not a list or a group: write it on this line"
    return f"must be text, and YAML reads {value} as something else: put quotes around it"


def _blank(detail: ErrorDetails, place: Place) -> str:
    if place == ("id",):
        return "must be lower-case letters, digits, - and _, at most 40: rename the pack"
    return "is empty: write some text"


def _out_of_range(detail: ErrorDetails, place: Place) -> str:
    wanted = "a number from 0 to 1" if place[-1] == "threshold" else "a whole number of days, 1 or more"
    return f"is {detail['input']}, which is out of range: give {wanted}"


def _not_a_number(detail: ErrorDetails, place: Place) -> str:
    wanted = "a number from 0 to 1" if place[-1] == "threshold" else "a whole number of days"
    return f"cannot be {str(detail['input'])[:40]!r}: give {wanted}"


def _not_yes_or_no(detail: ErrorDetails, place: Place) -> str:
    return f"cannot be {str(detail['input'])[:40]!r}: write true or false"


def _none_named(detail: ErrorDetails, place: Place) -> str:
    return "is empty: name at least one"


def _not_a_list(detail: ErrorDetails, place: Place) -> str:
    return "must be a list: one item a line, each after '- '"


def _not_a_group(detail: ErrorDetails, place: Place) -> str:
    return "must hold 'key: value' lines, indented below it"


_SAYINGS: dict[str, Callable[[ErrorDetails, Place], str]] = {
    "missing": _missing,
    "extra_forbidden": _unknown_key,
    "literal_error": _unknown_choice,
    "string_type": _not_text,
    "string_pattern_mismatch": _blank,
    "greater_than_equal": _out_of_range,
    "less_than_equal": _out_of_range,
    "float_type": _not_a_number,
    "float_parsing": _not_a_number,
    "int_type": _not_a_number,
    "int_parsing": _not_a_number,
    "int_from_float": _not_a_number,
    "bool_type": _not_yes_or_no,
    "bool_parsing": _not_yes_or_no,
    "too_short": _none_named,
    "tuple_type": _not_a_list,
    "dict_type": _not_a_group,
    "model_type": _not_a_group,
}
