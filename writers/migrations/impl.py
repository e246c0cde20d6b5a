"""What Alembic has to know of DuckDB, which it does not come with."""

from __future__ import annotations

from alembic.ddl.impl import DefaultImpl


class DuckDBImpl(DefaultImpl):
    """DuckDB takes the plain statements, and takes them back with the transaction."""

    __dialect__ = "duckdb"
    transactional_ddl = True
