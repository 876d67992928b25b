"""Slack's requests, read at the door: what comes out is small and checked, whatever cannot be read is `Malformed`."""

import json
from datetime import UTC, datetime
from typing import Annotated, Any
from urllib.parse import parse_qs

from pydantic import BaseModel, Field, ValidationError

from incidents.buttons import ACTION_IDS, OPEN
from incidents.interaction import Form, Interaction, Press, Typed
from incidents.verdict import Verdict

MOST_FIELDS = 100  # of a form: Slack's slash commands have about a dozen
COMMAND = "/tocsin"

UserId = Annotated[str, Field(pattern=r"^[UW][A-Za-z0-9_]{1,40}$")]
ChannelId = Annotated[str, Field(pattern=r"^[CDG][A-Za-z0-9_]{1,40}$")]
IncidentId = Annotated[str, Field(pattern=r"^TOC-[0-9]{1,12}$")]
Short = Annotated[str, Field(max_length=500)]
Seconds = Annotated[float, Field(ge=0, le=10**11, allow_inf_nan=False)]


class Malformed(ValueError):
    """A request that is none of Slack's, or that we cannot read. The message says why, in words of ours alone."""


class _User(BaseModel):
    id: UserId


class _Place(BaseModel):
    id: ChannelId


class _Pressed(BaseModel):
    action_id: Short
    value: Short = ""
    action_ts: Seconds | None = None


class _Actions(BaseModel):
    user: _User
    channel: _Place
    trigger_id: Short = ""
    actions: Annotated[list[_Pressed], Field(min_length=1, max_length=25)]


class _About(BaseModel):
    incident: IncidentId
    channel: ChannelId


class _Entered(BaseModel):
    value: Annotated[str, Field(max_length=3000)] | None = None
    selected_user: UserId | None = None
    selected_option: dict[str, Any] | None = None


class _State(BaseModel):
    values: dict[str, dict[str, _Entered]] = {}


class _View(BaseModel):
    callback_id: Short
    private_metadata: Annotated[str, Field(max_length=3000)]
    state: _State


class _Submission(BaseModel):
    user: _User
    trigger_id: Short = ""
    view: _View


class _Verdict(BaseModel):
    value: Verdict


class _Slash(BaseModel):
    command: Short
    user_id: UserId
    channel_id: ChannelId
    trigger_id: Short = ""
    text: Annotated[str, Field(max_length=4000)] = ""
    response_url: Annotated[str, Field(max_length=2000)]


class _Incident(BaseModel):
    value: IncidentId


def read_body(body: bytes) -> Interaction | None:
    """A request as Slack posts it, form-encoded. None: nothing is to be done. Raises Malformed."""
    try:
        fields = parse_qs(body.decode("utf-8"), max_num_fields=MOST_FIELDS, keep_blank_values=True)
    except ValueError as error:
        raise Malformed("the body is not a form in UTF-8") from error
    plain = {name: values[-1] for name, values in fields.items()}
    if "payload" not in plain:
        return read_command(plain)
    try:
        return read_payload(json.loads(plain["payload"]))
    except (json.JSONDecodeError, RecursionError, ValueError) as error:
        if isinstance(error, Malformed):
            raise
        raise Malformed("the payload is not JSON") from error


def read_payload(payload: Any) -> Interaction | None:
    """An interactive payload. None: an opened link or a closed form, of which Slack only tells us. Raises Malformed."""
    kind = payload.get("type") if isinstance(payload, dict) else None
    try:
        if kind == "block_actions":
            return _press(_Actions.model_validate(payload))
        if kind == "view_submission":
            return _form(_Submission.model_validate(payload))
    except ValidationError as error:
        raise Malformed(_named(error)) from error
    if kind == "view_closed":
        return None
    raise Malformed("the payload is neither a press nor a form")


def read_command(fields: Any) -> Typed:
    """A slash command's fields. Raises Malformed."""
    try:
        typed = _Slash.model_validate(fields)
    except ValidationError as error:
        raise Malformed(_named(error)) from error
    if typed.command != COMMAND:
        raise Malformed("the command is not ours")
    return Typed(typed.user_id, typed.channel_id, typed.trigger_id, typed.text, typed.response_url)


def _press(request: _Actions) -> Press | None:
    pressed = request.actions[0]
    if pressed.action_id == OPEN:
        return None
    act = ACTION_IDS.get(pressed.action_id)
    if act is None:
        raise Malformed("the button is not ours")
    incident_id = _Incident(value=pressed.value).value
    at = None if pressed.action_ts is None else datetime.fromtimestamp(pressed.action_ts, UTC)
    return Press(request.user.id, request.channel.id, request.trigger_id, act, incident_id, at)


def _form(request: _Submission) -> Form:
    view = request.view
    act = ACTION_IDS.get(view.callback_id)
    if act is None:
        raise Malformed("the form is not ours")
    about = _About.model_validate_json(view.private_metadata)
    entered = {name: held for block in view.state.values.values() for name, held in block.items()}
    words, chosen = entered.get("words", _Entered()), entered.get("verdict", _Entered()).selected_option
    return Form(
        user=request.user.id,
        channel=about.channel,
        trigger=request.trigger_id,
        act=act,
        incident_id=about.incident,
        words=(words.value or "").strip(),
        verdict=_Verdict.model_validate(chosen).value if chosen else None,
        assignee=entered.get("assignee", _Entered()).selected_user,
    )


def _named(error: ValidationError) -> str:
    """Where it is wrong, without a word of what stands there."""
    places = sorted({".".join(str(part)[:30] for part in each["loc"][:4]) for each in error.errors()})
    return f"not what Slack sends: {', '.join(places[:5]) or 'the payload'}"
