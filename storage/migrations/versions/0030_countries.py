"""The countries in which lines were used are found by an index."""

from __future__ import annotations

from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_usage_countries_country", "usage_countries", ["country"])


def downgrade() -> None:
    op.drop_index("ix_usage_countries_country", "usage_countries")
