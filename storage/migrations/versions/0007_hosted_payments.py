"""Pages of the payment platform, refunds that it sends, disputes, and how far it was read."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_OPEN = "status IN ('created', 'processing'{})"


def _index_open_payments(where: str) -> None:
    op.drop_index("ix_payments_one_open", "payments")
    op.create_index(
        "ix_payments_one_open", "payments", ["order_id"], unique=True, sqlite_where=sa.text(where)
    )


def upgrade() -> None:
    op.add_column("payments", sa.Column("page_ref", sa.Text(), nullable=True))
    op.add_column("payments", sa.Column("page_url", sa.Text(), nullable=True))
    now_open = _OPEN.format(", 'closing'")
    _index_open_payments(now_open)
    op.create_index(
        "ix_payments_open_method", "payments", ["method"], sqlite_where=sa.text(now_open)
    )
    with op.batch_alter_table("refunds") as refunds:
        refunds.add_column(sa.Column("platform_ref", sa.Text(), nullable=True))
        refunds.create_unique_constraint(op.f("uq_refunds_platform_ref"), ["platform_ref"])
    op.create_index(
        "ix_refunds_owed", "refunds", ["status"], sqlite_where=sa.text("status IN ('due', 'failed')")
    )
    op.create_table(
        "disputes",
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("charge_id", sa.Text(), nullable=False),
        sa.Column("amount_minor", sa.Integer(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_disputes_order_id")),
        sa.PrimaryKeyConstraint("ref", name=op.f("pk_disputes")),
    )
    op.create_table(
        "cursors",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_cursors")),
    )


def downgrade() -> None:
    op.drop_table("cursors")
    op.drop_table("disputes")
    op.drop_index("ix_refunds_owed", "refunds")
    op.execute("UPDATE refunds SET status = 'due' WHERE status = 'failed'")
    with op.batch_alter_table("refunds") as refunds:
        refunds.drop_constraint(op.f("uq_refunds_platform_ref"), type_="unique")
        refunds.drop_column("platform_ref")
    op.execute("UPDATE payments SET status = 'created' WHERE status = 'closing'")
    op.drop_index("ix_payments_open_method", "payments")
    _index_open_payments(_OPEN.format(""))
    op.drop_column("payments", "page_url")
    op.drop_column("payments", "page_ref")
