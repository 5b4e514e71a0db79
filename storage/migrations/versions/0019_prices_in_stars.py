"""What a plan costs in Telegram Stars."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("plans") as plans:
        plans.add_column(sa.Column("stars", sa.Integer(), nullable=True))
        plans.create_check_constraint(op.f("ck_plans_stars_positive"), "stars > 0")


def downgrade() -> None:
    with op.batch_alter_table("plans") as plans:
        plans.drop_constraint(op.f("ck_plans_stars_positive"), type_="check")
        plans.drop_column("stars")
