"""How often a number was texted and guessed at, whichever chat asked."""

from __future__ import annotations

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_link_challenges_msisdn", "link_challenges", ["msisdn", "created_at"])


def downgrade() -> None:
    op.drop_index("ix_link_challenges_msisdn", "link_challenges")
