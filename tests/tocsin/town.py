"""Every other route at once: a Slack, a mail server and a receiver of webhooks, and one warehouse that tells them."""

import base64
from datetime import timedelta
from email.header import decode_header, make_header
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import select, update

import policies
from incidents.delivery import deliver
from incidents.slack import SlackChannel
from policies.check import load
from policies.policy import Policy
from tests.incidents.hook_server import HookServer
from tests.incidents.samples import exhibit
from tests.incidents.slack_server import TOKEN, SlackServer
from tests.tocsin.conftest import Run, Said
from tests.tocsin.smtp_sink import SmtpSink, Taken
from tests.warehouse.case_samples import lay
from tocsin.house import House, open_house
from warehouse.case_schema import deliveries, outbox

STARTER = Path(policies.__file__).with_name("starter.yaml")
SECRET = "whsec_" + base64.b64encode(b"k" * 32).decode()
SLACK = "C0DEFAULT"


def subject(taken: Taken) -> str:
    """A mail's subject as it is read."""
    return " ".join(str(make_header(decode_header(taken.message["Subject"]))).split())


def text(taken: Taken) -> str:
    """A mail's plain text as it is read."""
    plain: Any = taken.message.get_payload()[0]  # type: ignore[index]
    return str(plain.get_payload(decode=True).decode())


class Town:
    """The settings of everything at once, and what is found where."""

    def __init__(self, folder: Path, run: Run, slack: SlackServer, mail: SmtpSink, hook: HookServer) -> None:
        self.folder, self.run, self.slack, self.mail, self.hook = folder, run, slack, mail, hook
        self.settings = {
            "POLICIES": "mine.yaml",
            "SLACK_BOT_TOKEN": TOKEN,
            "SLACK_CHANNEL": SLACK,
            "SLACK_API_URL": slack.url,
            "SLACK_INTERVAL_S": "0",
            "ROUTE_SECURITY_MAIL": f"{mail.url.replace('smtp', 'mailto')}?from=tocsin@example.org&to=sirt@example.org",
            "ROUTE_SIEM": f"{hook.url.replace('http://', f'signed+http://{SECRET}@')}/in",
            "SMTP_URL": mail.url,
            "OPERATORS_MAIL": "operators@example.org",
        }

    def pack(self, **routes: dict[str, Any]) -> Policy:
        """Write the starter pack with these additions to its routes, and read it: `pack(security={"also": [...]})`."""
        content = yaml.safe_load(STARTER.read_text(encoding="utf-8"))
        for name, more in routes.items():
            content["routes"][name] |= more
        path = self.folder / "mine.yaml"
        path.write_text(yaml.safe_dump(content), encoding="utf-8")
        return load(path)

    def deliver(self, **changes: str) -> Said:
        """`tocsin deliver`; a setting of "" is not set."""
        settings = {name: value for name, value in (self.settings | changes).items() if value}
        return self.run("deliver", **settings)

    def attempt(self) -> None:
        """One run of Slack's alone, without the pauses that a sender in doubt makes."""
        channel = SlackChannel.connect(TOKEN, SLACK, base_url=self.slack.url, interval_s=0)
        deliver(open_house().outbox, channel, sleep=lambda _: None)

    def mails(self, to: str) -> list[Taken]:
        """What one mailbox was sent."""
        return [each for each in self.mail.taken if each.recipients == [to]]


def raised(pack: Policy, *numbers: int, **changes: Any) -> House:
    """Open incidents on invented posts of these numbers, under that pack."""
    house = open_house()
    lay(house.engine, [invented(number, pack, **changes) for number in numbers])
    from incidents.raising import raise_incidents

    raise_incidents(house.casebook, {pack.id: pack}, house.now())
    return house


def invented(number: int, pack: Policy, **changes: Any) -> Any:
    """A finding of that pack, of an invented post of that number."""
    category = changes.get("category", "threat")
    named = {"policy": pack.id, "policy_version": pack.version, "clauses": pack.categories[category].clauses}
    return exhibit(number, **{"category": category, "author": f"author-{number}", **named, **changes})


def age(house: House, **by: float) -> None:
    """Let time pass: what was written and tried was written and tried earlier."""
    with house.engine.begin() as connection:
        for table, column in ((outbox, outbox.c.created_at), (deliveries, deliveries.c.attempted_at)):
            key = next(iter(table.primary_key))
            for row in connection.execute(select(key, column)).all():
                connection.execute(update(table).where(key == row[0]).values({column.name: row[1] - timedelta(**by)}))


def told_ids(house: House) -> list[str]:
    """The ids of all notifications, in the order of the outbox."""
    with house.engine.connect() as connection:
        return list(connection.scalars(select(outbox.c.notification_id).order_by(outbox.c.sequence)))
