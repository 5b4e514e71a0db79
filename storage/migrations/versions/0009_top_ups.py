"""What an order buys: a renewal, or money for the line's wallet.

A version of the program that knows no top-ups finds them as orders of a plan that is not sold.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_OF_RENEWALS: dict[str, type[sa.Text] | type[sa.Integer]] = {
    "plan_code": sa.Text,
    "plan_version": sa.Integer,
    "periods": sa.Integer,
    "days": sa.Integer,
}
_BUYS_ONE_THING = """
    buys = 'renewal' AND plan_code IS NOT NULL AND plan_version IS NOT NULL
      AND periods IS NOT NULL AND days IS NOT NULL AND for_order_id IS NULL
    OR buys = 'top_up' AND plan_code IS NULL AND plan_version IS NULL
      AND periods IS NULL AND days IS NULL AND coupon_code IS NULL"""


def upgrade() -> None:
    op.add_column("orders", sa.Column("buys", sa.Text(), nullable=True))
    op.add_column("orders", sa.Column("for_order_id", sa.Text(), nullable=True))
    with op.batch_alter_table("orders") as orders:
        for name, kind in _OF_RENEWALS.items():
            orders.alter_column(name, existing_type=kind, nullable=True)
    op.execute("UPDATE orders SET buys = iif(plan_code = 'TOP-UP', 'top_up', 'renewal')")
    op.execute(
        """UPDATE orders SET plan_code = NULL, plan_version = NULL, periods = NULL, days = NULL
           WHERE buys = 'top_up'"""
    )
    op.execute("DELETE FROM plans WHERE code = 'TOP-UP'")
    with op.batch_alter_table("orders") as orders:
        orders.alter_column("buys", existing_type=sa.Text(), nullable=False)
        orders.create_check_constraint(op.f("ck_orders_buys_one_thing"), _BUYS_ONE_THING)
        orders.create_foreign_key(
            op.f("fk_orders_for_order_id"), "orders", ["for_order_id"], ["id"]
        )


def downgrade() -> None:
    op.execute(
        """INSERT INTO plans (code, version, cycle, days, price_minor, currency,
             high_speed_cap_bytes, base_rate_kbps, reset_zone, countries,
             names, position, live_from_at, withdrawn_at)
           SELECT 'TOP-UP', 1, 'daily', 1, 1, min(currency), 0, 0, 'UTC', 0,
             '{"zh_Hans": "余额充值", "en": "Wallet top-up"}', 0, min(created_at), min(created_at)
           FROM orders WHERE buys = 'top_up' HAVING count(*) > 0"""
    )
    with op.batch_alter_table("orders") as orders:
        orders.drop_constraint(op.f("ck_orders_buys_one_thing"), type_="check")
        orders.drop_constraint(op.f("fk_orders_for_order_id"), type_="foreignkey")
    op.execute(
        """UPDATE orders SET plan_code = 'TOP-UP', plan_version = 1, periods = 1, days = 1
           WHERE buys = 'top_up'"""
    )
    with op.batch_alter_table("orders") as orders:
        for name, kind in _OF_RENEWALS.items():
            orders.alter_column(name, existing_type=kind, nullable=False)
        orders.drop_column("for_order_id")
        orders.drop_column("buys")
