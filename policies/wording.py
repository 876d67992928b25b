"""What a validation error says to the author of a pack: what is wrong in their words, and what would be right."""

from collections.abc import Callable
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from policies.policy import CATEGORY_NAMES, Policy, Retention
from policies.references import suggestion
from policies.severity import TargetSteps
from policies.source import Place, no_such_day


def message(detail: ErrorDetails, place: Place) -> str:
    """The sentence for one of pydantic's errors at `place`; one that we have no words for keeps pydantic's."""
    say = _SAYINGS.get(detail["type"])
    if say is None:
        return f"{detail['msg'][:1].lower()}{detail['msg'][1:]}: it is {str(detail['input'])[:40]!r}"
    return say(detail, place)


def _missing(detail: ErrorDetails, place: Place) -> str:
    return f"is missing: add '{place[-1]}:' here"


def _unknown_key(detail: ErrorDetails, place: Place) -> str:
    beside = [name for name in _model(place[:-1]).model_fields if name != "version"]
    return f"is not a key of a pack: {suggestion(str(place[-1]), beside)}"


def _model(place: Place) -> type[BaseModel]:
    """The part of a pack that stands at `place`."""
    found: Any = Policy
    for step in place:
        if _is_part(found):
            found = found.model_fields[str(step)].annotation
        else:  # of a list the item, of a group the value
            found = get_args(found)[0 if isinstance(step, int) else -1]
        while get_origin(found) in (Union, UnionType, Annotated):
            choices = [each for each in get_args(found) if each is not NoneType]
            found = next((each for each in choices if _is_part(each)), choices[0])
    return found if _is_part(found) else Policy


def _is_part(found: Any) -> bool:
    return isinstance(found, type) and issubclass(found, BaseModel)


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


_NUMBERS = {  # what a key's number is, where it is not any number of days
    "threshold": "a number from 0 to 1",
    "reminders": "a whole number, 0 to 20",
    **dict.fromkeys(Retention.model_fields, "a whole number of days, 1 to 36,500"),
    **dict.fromkeys(("adds", "grave", *TargetSteps.model_fields), "a whole number of steps, 0 to 3"),
    **dict.fromkeys(("followers", "views", "reposts", "posts"), "a whole number, 1 or more"),
}


def _out_of_range(detail: ErrorDetails, place: Place) -> str:
    wanted = _NUMBERS.get(str(place[-1]), "a whole number of days, 1 or more")
    return f"is {detail['input']}, which is out of range: give {wanted}"


def _not_a_number(detail: ErrorDetails, place: Place) -> str:
    wanted = _NUMBERS.get(str(place[-1]), "a whole number of days")
    return f"cannot be {str(detail['input'])[:40]!r}: give {wanted}"


def _not_a_day(detail: ErrorDetails, place: Place) -> str:
    written = str(detail["input"])
    return no_such_day(written) or f"cannot be {written[:40]!r}: write a day as 2026-10-31"


def _not_yes_or_no(detail: ErrorDetails, place: Place) -> str:
    return f"cannot be {str(detail['input'])[:40]!r}: write true or false"


def _too_long(detail: ErrorDetails, place: Place) -> str:
    return f"is {len(detail['input'])} characters long: shorten it to {detail['ctx']['max_length']} at most"


def _none_named(detail: ErrorDetails, place: Place) -> str:
    return "is empty: name at least one"


def _not_a_list(detail: ErrorDetails, place: Place) -> str:
    return "must be a list: one item a line, each after '- '"


def _not_a_group(detail: ErrorDetails, place: Place) -> str:
    return "must hold 'key: value' lines, indented below it"


def _said(detail: ErrorDetails, place: Place) -> str:
    return detail["msg"]


_SAYINGS: dict[str, Callable[[ErrorDetails, Place], str]] = {
    "said": _said,
    "missing": _missing,
    "extra_forbidden": _unknown_key,
    "literal_error": _unknown_choice,
    "string_type": _not_text,
    "string_pattern_mismatch": _blank,
    "string_too_long": _too_long,
    "greater_than_equal": _out_of_range,
    "less_than_equal": _out_of_range,
    "float_type": _not_a_number,
    "float_parsing": _not_a_number,
    "int_type": _not_a_number,
    "int_parsing": _not_a_number,
    "int_from_float": _not_a_number,
    "date_type": _not_a_day,
    "date_parsing": _not_a_day,
    "date_from_datetime_parsing": _not_a_day,
    "bool_type": _not_yes_or_no,
    "bool_parsing": _not_yes_or_no,
    "too_short": _none_named,
    "tuple_type": _not_a_list,
    "dict_type": _not_a_group,
    "model_type": _not_a_group,
}
