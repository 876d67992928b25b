"""Packs in: `load` gives the policy or raises with every problem, `check` gives the problems, `available` the names.

A problem names its file, its line, its path in the pack and the fix, so that a policy officer can mend it alone.
"""

import hashlib
import json
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from policies import wording
from policies.policy import (
    Example,
    Policy,
)
from policies.problem import PolicyError, Problem
from policies.references import cross_problems, suggestion
from policies.routes import route_problems
from policies.source import Place, Source, read

__all__ = ["PolicyError", "Problem", "available", "check", "load", "path_of"]

PACKS = Path(__file__).resolve().parent
_TEXT = "constrained-str"  # pydantic's name for `Words` where something else may stand instead
SHELVES = (PACKS, PACKS / "examples")


def available() -> tuple[str, ...]:
    """The names of the packs that ship, in order."""
    return tuple(sorted(path.stem for shelf in SHELVES for path in shelf.glob("*.yaml")))


def load(name_or_path: str | Path) -> Policy:
    """The policy of a pack that ships (`dwp`) or of a file (`./my.yaml`). Raises PolicyError with every problem."""
    policy, problems = _judge(_located(name_or_path))
    if policy is None or problems:
        raise PolicyError(problems)
    return policy


def check(path: str | Path) -> list[Problem]:
    """Everything that is wrong with a pack, in the order of its lines; an empty list is a pack that works."""
    try:
        _, problems = _judge(_located(path))
    except PolicyError as error:
        problems = list(error.problems)
    return sorted(problems, key=lambda problem: problem.line)


def path_of(name_or_path: str | Path) -> Path:
    """The file of a pack that ships (`dwp`), or the path as it was given. Raises PolicyError for neither."""
    return _located(name_or_path)


def _located(name_or_path: str | Path) -> Path:
    path = Path(name_or_path)
    is_bare = isinstance(name_or_path, str) and path.name == name_or_path and path.suffix not in (".yaml", ".yml")
    if not is_bare:
        return path
    for shelf in SHELVES:
        if (packaged := shelf / f"{name_or_path}.yaml").is_file():
            return packaged
    if path.exists():
        return path
    near = suggestion(str(name_or_path), available())
    message = f"no pack of this name ships ({near}); a file of your own needs its path, ./my.yaml"
    raise PolicyError([Problem(str(name_or_path), 0, "", message)])


def _judge(path: Path) -> tuple[Policy | None, list[Problem]]:
    source = read(path)
    if "version" in source.content:
        return None, [source.problem(("version",), "is made from the pack's content: remove this line")]
    try:
        policy = Policy.model_validate({**source.content, "version": _version(source.content)})
    except ValidationError as error:
        return None, _type_problems(source, error)
    return policy, [*cross_problems(policy, source), *route_problems(policy, source)]


def _version(content: dict[str, Any]) -> str:
    """First 12 hex digits of the SHA-256 of what is judged by: not of comments, layout, key order, examples, rotas."""
    judged = _without(_without(content, "categories", "examples"), "routes", "on_call")
    canonical = json.dumps(judged, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(canonical.encode()).hexdigest()[:12]


def _without(content: dict[str, Any], groups: str, key: str) -> dict[str, Any]:
    """The content, less one key in each group of `groups`."""
    named = content.get(groups)
    if not isinstance(named, dict):
        return content
    left = {
        name: {each: value for each, value in group.items() if each != key} if isinstance(group, dict) else group
        for name, group in named.items()
    }
    return {**content, groups: left}


def _type_problems(source: Source, error: ValidationError) -> list[Problem]:
    """One problem a mistake: a misspelt key is not reported a second time as the missing key that it stands for."""
    found = {_place(detail): detail for detail in error.errors() if _is_told(detail)}
    texts = {place: wording.message(detail, place) for place, detail in found.items()}
    misspelt = {(place[:-1], text) for place, text in texts.items() if found[place]["type"] == "extra_forbidden"}
    return [
        source.problem(place, text)
        for place, text in texts.items()
        if found[place]["type"] != "missing"
        or not any(above == place[:-1] and f"mean {place[-1]!r}" in said for above, said in misspelt)
    ]


def _place(detail: ErrorDetails) -> Place:
    return tuple(part for part in detail["loc"] if part not in ("[key]", _TEXT, Example.__name__))


def _is_told(detail: ErrorDetails) -> bool:
    """An example is a text or a group: of the two complaints that pydantic makes, the one that its author meant."""
    if _TEXT in detail["loc"]:
        return not isinstance(detail["input"], dict)
    return detail["loc"][-1] != Example.__name__
