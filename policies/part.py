"""What every part of a pack is made of: frozen, without keys that nobody reads."""

import re
from datetime import date, datetime
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError


def complaint(message: str) -> PydanticCustomError:
    """What a validator raises where it says all by itself: what is wrong and what would be right."""
    return PydanticCustomError("said", "{message}", {"message": message})


class Part(BaseModel):
    """A group of keys of a pack."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def _a_day(value: Any) -> Any:
    """Days alone: a number or a time of day would be taken for some day, and not for the one that was meant."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        return value
    raise PydanticCustomError("date_type", "is no day")


def _a_number(value: Any) -> Any:
    """YAML reads yes, no, on and off as true and false, which would be taken for 1 and 0."""
    if isinstance(value, bool):
        raise PydanticCustomError("int_type", "is no number")
    return value


_BEFORE = re.compile(r"^(?:@|/?u/(?=[\w-]{3,20}$))+", re.IGNORECASE)  # what is written before a handle
Words = Annotated[str, Field(pattern=r"\S")]  # text that says something: not empty, not blank
Day = Annotated[date, BeforeValidator(_a_day)]
A_NUMBER = BeforeValidator(_a_number)  # stands last: a bound that follows it would be lost to the schema

CategoryName = Literal[
    "trolling",
    "cyberbullying",
    "cyberstalking",
    "defamation",
    "discrimination",
    "threat",
    "doxxing",
    "unauthorised_recording",
    "official_information",
    "vetting_disclosure",
    "impersonation",
    "cyber_attack",
    "safeguarding",
    "staff_conduct",
    "own_content",
]
CATEGORY_NAMES: tuple[CategoryName, ...] = get_args(CategoryName)


def folded(handle: str) -> str:
    """A handle for comparing: without case, leading @, and Reddit's u/."""
    return _BEFORE.sub("", handle).casefold()
