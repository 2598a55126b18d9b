"""A PostgreSQL database of one's own."""

from collections.abc import Iterator

import pytest

from tests.conftest import PostgresServer


@pytest.fixture
def own_postgres(postgres: PostgresServer) -> Iterator[str]:
    """Its address. It is empty: the bot makes its tables, and its key file with them."""
    url = postgres.new_database(template="template0")
    yield url
    postgres.drop_database(url)
