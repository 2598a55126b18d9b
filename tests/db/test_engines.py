"""One conformance suite, run on every engine."""

from db.database import Database, Tx


def _probe(tx: Tx) -> None:
    tx.run("CREATE TABLE probe (name TEXT NOT NULL CONSTRAINT probe_pk PRIMARY KEY, n BIGINT NOT NULL)")


async def test_what_is_written_is_read(db: Database) -> None:
    await db.write(_probe)
    assert await db.write(lambda tx: tx.run("INSERT INTO probe VALUES (:name, :n)", name="a", n=1)) == 1
    assert await db.read(lambda tx: tx.all("SELECT name, n FROM probe")) == [("a", 1)]
