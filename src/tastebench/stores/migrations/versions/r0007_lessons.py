"""What feedback is evidence for, where its target doesn't say so: of lists, comments and suggestions."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("interactions", sa.Column("lesson", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("interactions", "lesson")
