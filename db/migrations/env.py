"""Alembic runs this: the migrations that are missing, in the one transaction `db.migrate` has begun."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
