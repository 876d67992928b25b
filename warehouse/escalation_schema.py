"""The table of what was done for incidents that nobody took in time."""

from sqlalchemy import Column, ForeignKey, Integer, PrimaryKeyConstraint, String, Table, Text

from warehouse.schema import UtcDateTime, metadata

escalations = Table(  # one step of one life of an incident: opened is its first life, each reopening begins another
    "escalations",
    metadata,
    Column("incident_id", String(20), ForeignKey("incidents.incident_id"), nullable=False),
    Column("life", Integer, nullable=False),
    Column("step", Integer, nullable=False),  # counts from 1 in each life
    Column("kind", String(10), nullable=False),  # reminded, escalated (to the route), alarmed (the operators)
    Column("route", Text, nullable=False),  # who was told; of an alarm, who was told last
    Column("on_call", String(45)),  # the Slack user id of whoever was mentioned
    Column("due_at", UtcDateTime, nullable=False),
    Column("taken_at", UtcDateTime, nullable=False),
    PrimaryKeyConstraint("incident_id", "life", "step"),
)
