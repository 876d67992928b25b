"""The only room that speaks SQL: tables, migrations, idempotent loads, privacy, marts."""
