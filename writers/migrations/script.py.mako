"""${message}."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
#: What the views are after this revision; a test says what it is.
VIEWS = ""


def upgrade() -> None:
    """..."""
    ${upgrades}
