"""The whole size of what `make test` proves at a smaller one. Only `make test-soak`."""

from tests.conftest import (  # noqa: F401 - fixtures
    postgres_server,
    postgres_template,
    postgres_url,
    sqlite_template,
    sqlite_url,
    warehouse_url,
)
