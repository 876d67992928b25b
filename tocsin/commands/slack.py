"""`tocsin slack` and `tocsin console`: the buttons below an alert and `/tocsin`, by Socket Mode or by HTTP."""

import ipaddress
import signal
import threading
from typing import Annotated

import typer
import uvicorn
from slack_sdk.signature import SignatureVerifier

from incidents.outbox import DeliveryError
from incidents.slack_http import PATH, SlackDoor
from incidents.slack_socket import SlackSocket
from tocsin.errors import Misconfigured, StepFailed
from tocsin.house import open_house
from tocsin.progress import stderr
from tocsin.slack_manifest import manifest as made
from tocsin.switchboard import required, switchboard
from tocsin.web import application

group = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="markdown",
    help="""The buttons below an alert, and `/tocsin` in Slack.

**Set up**, once:

1. `tocsin slack manifest` prints an app's manifest. On https://api.slack.com/apps choose *Create New App*, *From a
   manifest*, and paste it.
2. *Install to Workspace*; the *Bot User OAuth Token* (`xoxb-…`) is `TOCSIN_SLACK_BOT_TOKEN`.
3. Under *Basic Information*, *App-Level Tokens*, make one with the scope `connections:write`; it (`xapp-…`) is
   `TOCSIN_SLACK_APP_TOKEN`.
4. `/invite @Tocsin` in each channel, then leave `tocsin slack listen` running. No address of yours has to be reachable.

**Or by HTTP**: `tocsin slack manifest --url https://tocsin.example.org`, the *Signing Secret* of *Basic Information* as
`TOCSIN_SLACK_SIGNING_SECRET`, and `tocsin console` behind a proxy that speaks HTTPS.

**Who may act**: whom the pack's route names (`slack_actors`), else the members of the channel that it tells; on what
goes to the default channel, whom `TOCSIN_SLACK_ACTORS` names. Others are told why not, and who may; refusals are
audited.""",
)


def attach(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.add_typer(group, name="slack", rich_help_panel="People at work")
    app.command(rich_help_panel="People at work")(console)


@group.command()
def manifest(
    url: Annotated[str, typer.Option(help="The console's public address, for HTTP; none: Socket Mode.")] = "",
) -> None:
    """Print the Slack app's manifest, to paste at https://api.slack.com/apps."""
    if url and not url.startswith("https://"):
        raise Misconfigured(f"{url} is no address that Slack takes: it must begin with https://")
    print(made(url), end="")  # noqa: T201


@group.command()
def listen() -> None:
    """Take presses and `/tocsin` over Socket Mode until Ctrl-C. Needs TOCSIN_SLACK_APP_TOKEN and …_BOT_TOKEN."""
    house = open_house()
    token = required(house.settings.slack_app_token, "SLACK_APP_TOKEN", "it begins with xapp-")
    stopping = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopping.set())
    with switchboard(house) as board:
        socket = SlackSocket(token, board.client, board.intake)
        try:
            socket.connect()
        except DeliveryError as error:
            raise StepFailed(f"Socket Mode: {error}; the app-level token needs the scope connections:write") from error
        print("listening to Slack; Ctrl-C stops", file=stderr())
        try:
            stopping.wait()
        finally:
            socket.close()


def console(
    host: Annotated[str, typer.Option(help="Address to listen on; none: TOCSIN_CONSOLE_HOST.")] = "",
    port: Annotated[
        int, typer.Option(min=0, max=65535, show_default=False, help="Port; none: TOCSIN_CONSOLE_PORT.")
    ] = 0,
) -> None:
    """Serve /slack/actions (Slack's signed requests) and /health until Ctrl-C; on loopback, unless told otherwise.

    Put a proxy that speaks HTTPS before it, and give Slack its address: `tocsin slack --help`. Needs
    TOCSIN_SLACK_SIGNING_SECRET and TOCSIN_SLACK_BOT_TOKEN; without them it serves /health alone.
    """
    house = open_house()
    settings = house.settings
    where, at = host or settings.console_host, port or settings.console_port
    if not _is_loopback(where):
        print(f"{where} can be reached from outside: put a proxy that speaks HTTPS before it", file=stderr())
    print(f"console at http://{where}:{at}", file=stderr())
    if settings.slack_signing_secret is None or settings.slack_bot_token is None:
        print(f"{PATH} is closed: TOCSIN_SLACK_SIGNING_SECRET or TOCSIN_SLACK_BOT_TOKEN is not set", file=stderr())
        _serve(application(None, house.engine), where, at)
        return
    secret = required(settings.slack_signing_secret, "SLACK_SIGNING_SECRET", "shown under Basic Information")
    with switchboard(house) as board:
        _serve(application(SlackDoor(SignatureVerifier(secret), board.intake), house.engine), where, at)


def _serve(app: object, host: str, port: int) -> None:
    server = uvicorn.Server(
        uvicorn.Config(
            app,  # type: ignore[arg-type]
            host=host,
            port=port,
            log_level="warning",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=10,
            limit_concurrency=200,
        )
    )
    try:
        server.run()
    except SystemExit as error:  # uvicorn's way to say that the port is taken
        raise StepFailed(f"{host}:{port} is taken, or not ours: choose another with --port") from error


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
