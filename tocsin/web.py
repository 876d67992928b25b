"""The console's web application: where Slack's signed requests come in, and whether all is well."""

import logging
from collections.abc import Callable

from sqlalchemy import Engine
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from incidents.slack_http import PATH, SlackDoor
from warehouse.engine import is_current

log = logging.getLogger(__name__)


def application(door: SlackDoor | None, engine: Engine) -> Starlette:
    """`/slack/actions` and `/health`. Without a door requests of Slack's are told what is not set."""
    return Starlette(
        routes=[
            Route(PATH, door.answer if door else _closed, methods=["POST"]),
            Route("/health", _health(lambda: _answers(engine)), methods=["GET"]),
        ]
    )


async def _closed(_request: Request) -> Response:
    missing = (
        "TOCSIN_SLACK_SIGNING_SECRET and TOCSIN_SLACK_BOT_TOKEN are not both set: Slack's requests are not taken\n"
    )
    return PlainTextResponse(missing, 503)


def _health(answers: Callable[[], bool]) -> Callable[[Request], object]:
    async def health(_request: Request) -> Response:
        well = await run_in_threadpool(answers)
        return JSONResponse(
            {"status": "ok" if well else "the warehouse does not answer, or is not up to date"}, 200 if well else 503
        )

    return health


def _answers(engine: Engine) -> bool:
    try:
        return is_current(engine)
    except Exception:
        log.exception("the warehouse does not answer")
        return False
