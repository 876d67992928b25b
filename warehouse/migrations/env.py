"""Alembic's entry: runs the revisions on the connection that `warehouse.engine` hands over, inside its transaction."""

from alembic import context

import warehouse.behaviour_schema
import warehouse.case_schema
import warehouse.conversation_schema
import warehouse.course_schema
import warehouse.custody_schema
import warehouse.escalation_schema
import warehouse.label_schema
import warehouse.operations_schema
import warehouse.quiet_schema
import warehouse.relay_schema
import warehouse.slack_schema
import warehouse.staff_schema
import warehouse.watching_schema  # noqa: F401  # its tables, and those above, join the metadata
from warehouse.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,  # on SQLite too: the engine begins the transaction itself
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
