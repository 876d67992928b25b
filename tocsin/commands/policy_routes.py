"""How `tocsin policy show` prints the routes of a pack: who is told, how soon they must act, and who is next."""

from rich.table import Table

from policies.counted import counted
from policies.hours import Hours
from policies.policy import SEVERITIES, Policy, Route
from tocsin.shown import columns, safe


def routes_table(pack: Policy) -> Table:
    """One row a route: how soon it must be acknowledged, by severity, and what follows."""
    shown = columns("route", *reversed(SEVERITIES), "reminders, then")
    shown.title, shown.title_justify = "To be acknowledged within", "left"
    for key, route in pack.routes.items():
        within = (route.within(severity) for severity in reversed(SEVERITIES))
        shown.add_row(safe(key), *within, safe(f"{route.reminders}, {route.escalates_to or 'the operators'}"))
    return shown


def hours_table(pack: Policy) -> Table:
    """When people work, sleep and are on call: the pack's own, and each route that has something of its own."""
    shown = columns("hours", "work", "quiet hours", "on call")
    shown.add_row("the pack's", safe(_hours(pack.hours)), "none", "no rota")
    for key, route in pack.routes.items():
        if route.hours or route.quiet_hours or route.on_call:
            shown.add_row(safe(key), safe(_hours(pack.hours_of(key))), _quiet(route), _rota(route))
    return shown


def _hours(hours: Hours | None) -> str:
    if hours is None:
        return "round the clock"
    off = [f"less holidays of {hours.holidays}"] if hours.holidays else []
    off += [counted(len(hours.closed), "closed day")] if hours.closed else []
    return ", ".join([f"{_days(hours)} {hours.start} to {hours.end} {hours.zone}", *off])


def _days(hours: Hours) -> str:
    return "mon to fri" if hours.days == ("mon", "tue", "wed", "thu", "fri") else " ".join(hours.days)


def _quiet(route: Route) -> str:
    quiet = route.quiet_hours
    if quiet is None:
        return "none"
    return f"{quiet.start} to {quiet.end}, but {', '.join(route.rings_in_quiet_hours)}"


def _rota(route: Route) -> str:
    rota = route.on_call
    return "no rota" if rota is None else f"{len(rota.people)} in turn, by the week"
