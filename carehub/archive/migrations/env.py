"""What Alembic runs for each command: on the connection it was handed, inside its transaction."""

from alembic import context

from carehub.archive.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
