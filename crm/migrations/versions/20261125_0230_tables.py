"""All tables, ours and Flask-AppBuilder's. Why: the start of the house (ADR 1, 4). Safe beside the old release: there is none."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from crm.migrations import columns

revision = "20261125_0230"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ab_group",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("label", sa.String(length=150), nullable=True),
        sa.Column("description", sa.String(length=512), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ab_group")),
        sa.UniqueConstraint("name", name=op.f("uq_ab_group_name")),
    )
    op.create_table(
        "ab_permission",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ab_permission")),
        sa.UniqueConstraint("name", name=op.f("uq_ab_permission_name")),
    )
    op.create_table(
        "ab_register_user",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("first_name", sa.String(length=64), nullable=False),
        sa.Column("last_name", sa.String(length=64), nullable=False),
        sa.Column("username", sa.String(length=128), nullable=False),
        sa.Column("password", sa.String(length=256), nullable=True),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("registration_date", sa.DateTime(), nullable=True),
        sa.Column("registration_hash", sa.String(length=256), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ab_register_user")),
        sa.UniqueConstraint("email", name=op.f("uq_ab_register_user_email")),
        sa.UniqueConstraint("username", name=op.f("uq_ab_register_user_username")),
    )
    op.create_table(
        "ab_role",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ab_role")),
        sa.UniqueConstraint("name", name=op.f("uq_ab_role_name")),
    )
    op.create_table(
        "ab_user",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("first_name", sa.String(length=64), nullable=False),
        sa.Column("last_name", sa.String(length=64), nullable=False),
        sa.Column("username", sa.String(length=128), nullable=False),
        sa.Column("password", sa.String(length=256), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=True),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("last_login", sa.DateTime(), nullable=True),
        sa.Column("login_count", sa.Integer(), nullable=True),
        sa.Column("fail_login_count", sa.Integer(), nullable=True),
        sa.Column("created_on", sa.DateTime(), nullable=True),
        sa.Column("changed_on", sa.DateTime(), nullable=True),
        sa.Column("created_by_fk", sa.Integer(), nullable=True),
        sa.Column("changed_by_fk", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["changed_by_fk"], ["ab_user.id"], name=op.f("fk_ab_user_changed_by_fk")),
        sa.ForeignKeyConstraint(["created_by_fk"], ["ab_user.id"], name=op.f("fk_ab_user_created_by_fk")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ab_user")),
        sa.UniqueConstraint("email", name=op.f("uq_ab_user_email")),
        sa.UniqueConstraint("username", name=op.f("uq_ab_user_username")),
    )
    op.create_table(
        "ab_view_menu",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=250), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ab_view_menu")),
        sa.UniqueConstraint("name", name=op.f("uq_ab_view_menu_name")),
    )
    op.create_table(
        "change_cursor",
        sa.Column("reader", sa.String(length=60), nullable=False),
        sa.Column("txid", columns.big_id(), nullable=False),
        sa.Column("change_id", columns.big_id(), nullable=False),
        sa.PrimaryKeyConstraint("reader", name=op.f("pk_change_cursor")),
    )
    op.create_table(
        "login_attempt",
        sa.Column("id", columns.big_id(), nullable=False),
        sa.Column("at", columns.moment(), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("address", sa.String(length=60), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_attempt")),
    )
    op.create_index("ix_login_attempt_account_at", "login_attempt", ["account", "at"], unique=False)
    op.create_index("ix_login_attempt_address_at", "login_attempt", ["address", "at"], unique=False)
    op.create_table(
        "mail_outbox",
        sa.Column("id", columns.big_id(), nullable=False),
        sa.Column("to_address", sa.String(length=320), nullable=False),
        sa.Column("to_name", sa.String(length=200), nullable=False),
        sa.Column("reply_to", sa.String(length=320), nullable=True),
        sa.Column("subject", sa.String(length=500), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=True),
        sa.Column("attachments", columns.json(), nullable=False),
        sa.Column("once_key", sa.String(length=160), nullable=True),
        sa.Column("message_id", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lost", sa.Integer(), nullable=False),
        sa.Column("next_at", columns.moment(), nullable=True),
        sa.Column("lease_until", columns.moment(), nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("created_at", columns.moment(), nullable=False),
        sa.Column("sent_at", columns.moment(), nullable=True),
        sa.CheckConstraint("state in ('queued', 'sending', 'sent', 'failed', 'held')", name=op.f("ck_mail_outbox_state_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_outbox")),
        sa.UniqueConstraint("once_key", name=op.f("uq_mail_outbox_once_key")),
    )
    op.create_index("ix_mail_outbox_state", "mail_outbox", ["state", "next_at", "id"], unique=False)
    op.create_table(
        "municipality",
        sa.Column("code", sa.String(length=4), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_municipality")),
    )
    op.create_table(
        "platform_state",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("registry_epoch", sa.Integer(), nullable=False),
        sa.Column("security_epoch", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_platform_state")),
    )
    op.create_table(
        "record_type",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("source", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_type")),
        sa.UniqueConstraint("key", name=op.f("uq_record_type_key")),
    )
    op.create_table(
        "region",
        sa.Column("key", sa.String(length=20), nullable=False),
        sa.Column("code", sa.String(length=10), nullable=True),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("seat", sa.String(length=60), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_region")),
    )
    op.create_table(
        "security_event",
        sa.Column("id", columns.big_id(), nullable=False),
        sa.Column("at", columns.moment(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("address", sa.String(length=60), nullable=True),
        sa.Column("detail", columns.json(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_security_event")),
    )
    op.create_index(op.f("ix_security_event_at"), "security_event", ["at"], unique=False)
    op.create_table(
        "worker_heartbeat",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("started_at", columns.moment(), nullable=False),
        sa.Column("seen_at", columns.moment(), nullable=False),
        sa.Column("detail", columns.json(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_worker_heartbeat")),
    )
    op.create_table(
        "ab_api_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=256), nullable=False),
        sa.Column("key_hash", sa.String(length=256), nullable=False),
        sa.Column("lookup_hash", sa.String(length=256), nullable=True),
        sa.Column("key_prefix", sa.String(length=16), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("scopes", sa.Text(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_on", sa.DateTime(), nullable=True),
        sa.Column("expires_on", sa.DateTime(), nullable=True),
        sa.Column("revoked_on", sa.DateTime(), nullable=True),
        sa.Column("last_used_on", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["ab_user.id"], name=op.f("fk_ab_api_key_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ab_api_key")),
        sa.UniqueConstraint("lookup_hash", name=op.f("uq_ab_api_key_lookup_hash")),
        sa.UniqueConstraint("uuid", name=op.f("uq_ab_api_key_uuid")),
    )
    op.create_index("idx_api_key_lookup_hash", "ab_api_key", ["lookup_hash"], unique=True)
    op.create_index("idx_api_key_prefix", "ab_api_key", ["key_prefix"], unique=False)
    op.create_index("idx_api_key_user_id", "ab_api_key", ["user_id"], unique=False)
    op.create_table(
        "ab_group_role",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("role_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["group_id"], ["ab_group.id"], name=op.f("fk_ab_group_role_group_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["role_id"], ["ab_role.id"], name=op.f("fk_ab_group_role_role_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ab_group_role")),
        sa.UniqueConstraint("group_id", "role_id", name=op.f("uq_ab_group_role_group_id_role_id")),
    )
    op.create_index("idx_group_id", "ab_group_role", ["group_id"], unique=False)
    op.create_index("idx_group_role_id", "ab_group_role", ["role_id"], unique=False)
    op.create_table(
        "ab_permission_view",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("permission_id", sa.Integer(), nullable=False),
        sa.Column("view_menu_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["permission_id"], ["ab_permission.id"], name=op.f("fk_ab_permission_view_permission_id")),
        sa.ForeignKeyConstraint(["view_menu_id"], ["ab_view_menu.id"], name=op.f("fk_ab_permission_view_view_menu_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ab_permission_view")),
        sa.UniqueConstraint("permission_id", "view_menu_id", name=op.f("uq_ab_permission_view_permission_id_view_menu_id")),
    )
    op.create_index("idx_permission_id", "ab_permission_view", ["permission_id"], unique=False)
    op.create_index("idx_view_menu_id", "ab_permission_view", ["view_menu_id"], unique=False)
    op.create_table(
        "ab_user_group",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["group_id"], ["ab_group.id"], name=op.f("fk_ab_user_group_group_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["ab_user.id"], name=op.f("fk_ab_user_group_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ab_user_group")),
        sa.UniqueConstraint("user_id", "group_id", name=op.f("uq_ab_user_group_user_id_group_id")),
    )
    op.create_index("idx_user_group_id", "ab_user_group", ["group_id"], unique=False)
    op.create_index("idx_user_id", "ab_user_group", ["user_id"], unique=False)
    op.create_table(
        "ab_user_role",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("role_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["role_id"], ["ab_role.id"], name=op.f("fk_ab_user_role_role_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["ab_user.id"], name=op.f("fk_ab_user_role_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ab_user_role")),
        sa.UniqueConstraint("user_id", "role_id", name=op.f("uq_ab_user_role_user_id_role_id")),
    )
    op.create_table(
        "act",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("at", columns.moment(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("system", sa.String(length=60), nullable=True),
        sa.Column("cause", sa.String(length=20), nullable=False),
        sa.Column("cause_id", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(["actor_id"], ["ab_user.id"], name=op.f("fk_act_actor_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_act")),
    )
    op.create_table(
        "api_token",
        sa.Column("id", columns.big_id(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("scope", sa.String(length=20), nullable=False),
        sa.Column("session_epoch", sa.Integer(), nullable=False),
        sa.Column("created_at", columns.moment(), nullable=False),
        sa.Column("expires_at", columns.moment(), nullable=False),
        sa.Column("revoked_at", columns.moment(), nullable=True),
        sa.Column("last_used_at", columns.moment(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["ab_user.id"], name=op.f("fk_api_token_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_api_token_token_hash")),
    )
    op.create_index(op.f("ix_api_token_user_id"), "api_token", ["user_id"], unique=False)
    op.create_table(
        "field_def",
        sa.Column("id", columns.big_id(), nullable=False),
        sa.Column("type_id", sa.SmallInteger(), nullable=False),
        sa.Column("key", sa.String(length=20), nullable=False),
        sa.Column("api_name", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("label", columns.json(), nullable=False),
        sa.Column("config", columns.json(), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("slot", sa.String(length=4), nullable=True),
        sa.Column("slot_state", sa.String(length=10), nullable=False),
        sa.Column("deleted_at", columns.moment(), nullable=True),
        sa.ForeignKeyConstraint(["type_id"], ["record_type.id"], name=op.f("fk_field_def_type_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field_def")),
        sa.UniqueConstraint("type_id", "api_name", name=op.f("uq_field_def_type_id_api_name")),
        sa.UniqueConstraint("type_id", "key", name=op.f("uq_field_def_type_id_key")),
        sa.UniqueConstraint("type_id", "slot", name=op.f("uq_field_def_type_id_slot")),
    )
    op.create_table(
        "grant",
        sa.Column("id", columns.big_id(), nullable=False),
        sa.Column("role_id", sa.Integer(), nullable=False),
        sa.Column("type_key", sa.String(length=60), nullable=False),
        sa.Column("act", sa.String(length=60), nullable=False),
        sa.Column("scope", sa.String(length=20), nullable=False),
        sa.Column("read_fields", columns.json(), nullable=True),
        sa.Column("write_fields", columns.json(), nullable=True),
        sa.ForeignKeyConstraint(["role_id"], ["ab_role.id"], name=op.f("fk_grant_role_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grant")),
        sa.UniqueConstraint("role_id", "type_key", "act", name=op.f("uq_grant_role_id_type_key_act")),
    )
    op.create_table(
        "municipality_region",
        sa.Column("municipality_code", sa.String(length=4), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("region_key", sa.String(length=20), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["municipality_code"], ["municipality.code"], name=op.f("fk_municipality_region_municipality_code"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["region_key"], ["region.key"], name=op.f("fk_municipality_region_region_key"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("municipality_code", "valid_from", name=op.f("pk_municipality_region")),
    )
    op.create_index(op.f("ix_municipality_region_region_key"), "municipality_region", ["region_key"], unique=False)
    op.create_table(
        "record",
        sa.Column("id", columns.big_id(), nullable=False),
        sa.Column("type_id", sa.SmallInteger(), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False, comment="mapper discriminator: the built-in key, or 'custom'"),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column(
            "title_sort", sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("state", sa.String(length=40), nullable=True),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("starts_at", columns.moment(), nullable=True),
        sa.Column("ends_at", columns.moment(), nullable=True),
        sa.Column("due_at", columns.moment(), nullable=True),
        sa.Column("all_day", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", columns.moment(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("updated_at", columns.moment(), nullable=False),
        sa.Column("updated_by", sa.Integer(), nullable=True),
        sa.Column("deleted_at", columns.moment(), nullable=True),
        sa.Column("data", columns.json(), nullable=False, comment="extra fields under their immutable keys"),
        sa.Column("t1", sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"), nullable=True),
        sa.Column("t2", sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"), nullable=True),
        sa.Column("t3", sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"), nullable=True),
        sa.Column("t4", sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"), nullable=True),
        sa.Column("t5", sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"), nullable=True),
        sa.Column("t6", sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"), nullable=True),
        sa.Column("t7", sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"), nullable=True),
        sa.Column("t8", sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"), nullable=True),
        sa.Column("t9", sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"), nullable=True),
        sa.Column("t10", sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"), nullable=True),
        sa.Column("t11", sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"), nullable=True),
        sa.Column("t12", sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"), nullable=True),
        sa.Column("t13", sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"), nullable=True),
        sa.Column("t14", sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"), nullable=True),
        sa.Column("t15", sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"), nullable=True),
        sa.Column("t16", sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"), nullable=True),
        sa.Column("n1", columns.fixed4(), nullable=True),
        sa.Column("n2", columns.fixed4(), nullable=True),
        sa.Column("n3", columns.fixed4(), nullable=True),
        sa.Column("n4", columns.fixed4(), nullable=True),
        sa.Column("n5", columns.fixed4(), nullable=True),
        sa.Column("n6", columns.fixed4(), nullable=True),
        sa.Column("n7", columns.fixed4(), nullable=True),
        sa.Column("n8", columns.fixed4(), nullable=True),
        sa.Column("d1", columns.moment(), nullable=True),
        sa.Column("d2", columns.moment(), nullable=True),
        sa.Column("d3", columns.moment(), nullable=True),
        sa.Column("d4", columns.moment(), nullable=True),
        sa.Column("d5", columns.moment(), nullable=True),
        sa.Column("d6", columns.moment(), nullable=True),
        sa.Column("d7", columns.moment(), nullable=True),
        sa.Column("d8", columns.moment(), nullable=True),
        sa.ForeignKeyConstraint(["created_by"], ["ab_user.id"], name=op.f("fk_record_created_by"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["owner_id"], ["ab_user.id"], name=op.f("fk_record_owner_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["type_id"], ["record_type.id"], name=op.f("fk_record_type_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["updated_by"], ["ab_user.id"], name=op.f("fk_record_updated_by"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_record_d1",
        "record",
        ["type_id", "d1", "id"],
        unique=False,
        sqlite_where=sa.text("d1 IS NOT NULL AND deleted_at IS NULL"),
        postgresql_where=sa.text("d1 IS NOT NULL AND deleted_at IS NULL"),
    )
    op.create_index(
        "ix_record_d2",
        "record",
        ["type_id", "d2", "id"],
        unique=False,
        sqlite_where=sa.text("d2 IS NOT NULL AND deleted_at IS NULL"),
        postgresql_where=sa.text("d2 IS NOT NULL AND deleted_at IS NULL"),
    )
    op.create_index(
        "ix_record_d3",
        "record",
        ["type_id", "d3", "id"],
        unique=False,
        sqlite_where=sa.text("d3 IS NOT NULL AND deleted_at IS NULL"),
        postgresql_where=sa.text("d3 IS NOT NULL AND deleted_at IS NULL"),
    )
    op.create_index(
        "ix_record_d4",
        "record",
        ["type_id", "d4", "id"],
        unique=False,
        sqlite_where=sa.text("d4 IS NOT NULL AND deleted_at IS NULL"),
        postgresql_where=sa.text("d4 IS NOT NULL AND deleted_at IS NULL"),
    )
    op.create_index(
        "ix_record_d5",
        "record",
        ["type_id", "d5", "id"],
        unique=False,
        sqlite_where=sa.text("d5 IS NOT NULL AND deleted_at IS NULL"),
        postgresql_where=sa.text("d5 IS NOT NULL AND deleted_at IS NULL"),
    )
    op.create_index(
        "ix_record_d6",
        "record",
        ["type_id", "d6", "id"],
        unique=False,
        sqlite_where=sa.text("d6 IS NOT NULL AND deleted_at IS NULL"),
        postgresql_where=sa.text("d6 IS NOT NULL AND deleted_at IS NULL"),
    )
    op.create_index(
        "ix_record_d7",
        "record",
        ["type_id", "d7", "id"],
        unique=False,
        sqlite_where=sa.text("d7 IS NOT NULL AND deleted_at IS NULL"),
        postgresql_where=sa.text("d7 IS NOT NULL AND deleted_at IS NULL"),
    )
    op.create_index(
        "ix_record_d8",
        "record",
        ["type_id", "d8", "id"],
        unique=False,
        sqlite_where=sa.text("d8 IS NOT NULL AND deleted_at IS NULL"),
        postgresql_where=sa.text("d8 IS NOT NULL AND deleted_at IS NULL"),
    )
    op.create_index(
        "ix_record_deleted_at",
        "record",
        ["type_id", "deleted_at", "id"],
        unique=False,
        sqlite_where=sa.text("deleted_at IS NOT NULL"),
        postgresql_where=sa.text("deleted_at IS NOT NULL"),
    )
    op.create_index(
        "ix_record_due_at",
        "record",
        ["type_id", "due_at", "id"],
        unique=False,
        sqlite_where=sa.text("due_at IS NOT NULL AND deleted_at IS NULL"),
        postgresql_where=sa.text("due_at IS NOT NULL AND deleted_at IS NULL"),
    )
    op.create_index(
        "ix_record_n1",
        "record",
        ["type_id", "n1", "id"],
        unique=False,
        sqlite_where=sa.text("n1 IS NOT NULL AND deleted_at IS NULL"),
        postgresql_where=sa.text("n1 IS NOT NULL AND deleted_at IS NULL"),
    )
    op.create_index(
        "ix_record_n2",
        "record",
        ["type_id", "n2", "id"],
        unique=False,
        sqlite_where=sa.text("n2 IS NOT NULL AND deleted_at IS NULL"),
        postgresql_where=sa.text("n2 IS NOT NULL AND deleted_at IS NULL"),
    )
    op.create_index(
        "ix_record_n3",
        "record",
        ["type_id", "n3", "id"],
        unique=False,
        sqlite_where=sa.text("n3 IS NOT NULL AND deleted_at IS NULL"),
        postgresql_where=sa.text("n3 IS NOT NULL AND deleted_at IS NULL"),
    )
    op.create_index(
        "ix_record_n4",
        "record",
        ["type_id", "n4", "id"],
        unique=False,
        sqlite_where=sa.text("n4 IS NOT NULL AND deleted_at IS NULL"),
        postgresql_where=sa.text("n4 IS NOT NULL AND deleted_at IS NULL"),
    )
    op.create_index(
        "ix_record_n5",
        "record",
        ["type_id", "n5", "id"],
        unique=False,
        sqlite_where=sa.text("n5 IS NOT NULL AND deleted_at IS NULL"),
        postgresql_where=sa.text("n5 IS NOT NULL AND deleted_at IS NULL"),
    )
    op.create_index(
        "ix_record_n6",
        "record",
        ["type_id", "n6", "id"],
        unique=False,
        sqlite_where=sa.text("n6 IS NOT NULL AND deleted_at IS NULL"),
        postgresql_where=sa.text("n6 IS NOT NULL AND deleted_at IS NULL"),
    )
    op.create_index(
        "ix_record_n7",
        "record",
        ["type_id", "n7", "id"],
        unique=False,
        sqlite_where=sa.text("n7 IS NOT NULL AND deleted_at IS NULL"),
        postgresql_where=sa.text("n7 IS NOT NULL AND deleted_at IS NULL"),
    )
    op.create_index(
        "ix_record_n8",
        "record",
        ["type_id", "n8", "id"],
        unique=False,
        sqlite_where=sa.text("n8 IS NOT NULL AND deleted_at IS NULL"),
        postgresql_where=sa.text("n8 IS NOT NULL AND deleted_at IS NULL"),
    )
    op.create_index(
        "ix_record_owner_id",
        "record",
        ["type_id", "owner_id", "id"],
        unique=False,
        sqlite_where=sa.text("owner_id IS NOT NULL AND deleted_at IS NULL"),
        postgresql_where=sa.text("owner_id IS NOT NULL AND deleted_at IS NULL"),
    )
    op.create_index(
        "ix_record_starts_at",
        "record",
        ["type_id", "starts_at", "id"],
        unique=False,
        sqlite_where=sa.text("starts_at IS NOT NULL AND deleted_at IS NULL"),
        postgresql_where=sa.text("starts_at IS NOT NULL AND deleted_at IS NULL"),
    )
    op.create_index(
        "ix_record_state",
        "record",
        ["type_id", "state", "id"],
        unique=False,
        sqlite_where=sa.text("state IS NOT NULL AND deleted_at IS NULL"),
        postgresql_where=sa.text("state IS NOT NULL AND deleted_at IS NULL"),
    )
    op.create_index(
        "ix_record_t1",
        "record",
        ["type_id", "t1", "id"],
        unique=False,
        sqlite_where=sa.text("t1 IS NOT NULL AND deleted_at IS NULL"),
        postgresql_where=sa.text("t1 IS NOT NULL AND deleted_at IS NULL"),
    )
    op.create_index(
        "ix_record_t10",
        "record",
        ["type_id", "t10", "id"],
        unique=False,
        sqlite_where=sa.text("t10 IS NOT NULL AND deleted_at IS NULL"),
        postgresql_where=sa.text("t10 IS NOT NULL AND deleted_at IS NULL"),
    )
    op.create_index(
        "ix_record_t11",
        "record",
        ["type_id", "t11", "id"],
        unique=False,
        sqlite_where=sa.text("t11 IS NOT NULL AND deleted_at IS NULL"),
        postgresql_where=sa.text("t11 IS NOT NULL AND deleted_at IS NULL"),
    )
    op.create_index(
        "ix_record_t12",
        "record",
        ["type_id", "t12", "id"],
        unique=False,
        sqlite_where=sa.text("t12 IS NOT NULL AND deleted_at IS NULL"),
        postgresql_where=sa.text("t12 IS NOT NULL AND deleted_at IS NULL"),
    )
    op.create_index(
        "ix_record_t13",
        "record",
        ["type_id", "t13", "id"],
        unique=False,
        sqlite_where=sa.text("t13 IS NOT NULL AND deleted_at IS NULL"),
        postgresql_where=sa.text("t13 IS NOT NULL AND deleted_at IS NULL"),
    )
    op.create_index(
        "ix_record_t14",
        "record",
        ["type_id", "t14", "id"],
        unique=False,
        sqlite_where=sa.text("t14 IS NOT NULL AND deleted_at IS NULL"),
        postgresql_where=sa.text("t14 IS NOT NULL AND deleted_at IS NULL"),
    )
    op.create_index(
        "ix_record_t15",
        "record",
        ["type_id", "t15", "id"],
        unique=False,
        sqlite_where=sa.text("t15 IS NOT NULL AND deleted_at IS NULL"),
        postgresql_where=sa.text("t15 IS NOT NULL AND deleted_at IS NULL"),
    )
    op.create_index(
        "ix_record_t16",
        "record",
        ["type_id", "t16", "id"],
        unique=False,
        sqlite_where=sa.text("t16 IS NOT NULL AND deleted_at IS NULL"),
        postgresql_where=sa.text("t16 IS NOT NULL AND deleted_at IS NULL"),
    )
    op.create_index(
        "ix_record_t2",
        "record",
        ["type_id", "t2", "id"],
        unique=False,
        sqlite_where=sa.text("t2 IS NOT NULL AND deleted_at IS NULL"),
        postgresql_where=sa.text("t2 IS NOT NULL AND deleted_at IS NULL"),
    )
    op.create_index(
        "ix_record_t3",
        "record",
        ["type_id", "t3", "id"],
        unique=False,
        sqlite_where=sa.text("t3 IS NOT NULL AND deleted_at IS NULL"),
        postgresql_where=sa.text("t3 IS NOT NULL AND deleted_at IS NULL"),
    )
    op.create_index(
        "ix_record_t4",
        "record",
        ["type_id", "t4", "id"],
        unique=False,
        sqlite_where=sa.text("t4 IS NOT NULL AND deleted_at IS NULL"),
        postgresql_where=sa.text("t4 IS NOT NULL AND deleted_at IS NULL"),
    )
    op.create_index(
        "ix_record_t5",
        "record",
        ["type_id", "t5", "id"],
        unique=False,
        sqlite_where=sa.text("t5 IS NOT NULL AND deleted_at IS NULL"),
        postgresql_where=sa.text("t5 IS NOT NULL AND deleted_at IS NULL"),
    )
    op.create_index(
        "ix_record_t6",
        "record",
        ["type_id", "t6", "id"],
        unique=False,
        sqlite_where=sa.text("t6 IS NOT NULL AND deleted_at IS NULL"),
        postgresql_where=sa.text("t6 IS NOT NULL AND deleted_at IS NULL"),
    )
    op.create_index(
        "ix_record_t7",
        "record",
        ["type_id", "t7", "id"],
        unique=False,
        sqlite_where=sa.text("t7 IS NOT NULL AND deleted_at IS NULL"),
        postgresql_where=sa.text("t7 IS NOT NULL AND deleted_at IS NULL"),
    )
    op.create_index(
        "ix_record_t8",
        "record",
        ["type_id", "t8", "id"],
        unique=False,
        sqlite_where=sa.text("t8 IS NOT NULL AND deleted_at IS NULL"),
        postgresql_where=sa.text("t8 IS NOT NULL AND deleted_at IS NULL"),
    )
    op.create_index(
        "ix_record_t9",
        "record",
        ["type_id", "t9", "id"],
        unique=False,
        sqlite_where=sa.text("t9 IS NOT NULL AND deleted_at IS NULL"),
        postgresql_where=sa.text("t9 IS NOT NULL AND deleted_at IS NULL"),
    )
    op.create_index(
        "ix_record_title_sort",
        "record",
        ["type_id", "title_sort", "id"],
        unique=False,
        sqlite_where=sa.text("deleted_at IS NULL"),
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_index(
        "ix_record_updated_at",
        "record",
        ["type_id", "updated_at", "id"],
        unique=False,
        sqlite_where=sa.text("deleted_at IS NULL"),
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_table(
        "sign_in_link",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("created_at", columns.moment(), nullable=False),
        sa.Column("expires_at", columns.moment(), nullable=False),
        sa.Column("used_at", columns.moment(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["ab_user.id"], name=op.f("fk_sign_in_link_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sign_in_link")),
    )
    op.create_index(op.f("ix_sign_in_link_user_id"), "sign_in_link", ["user_id"], unique=False)
    op.create_table(
        "web_session",
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("session_epoch", sa.Integer(), nullable=False),
        sa.Column("data", columns.json(), nullable=False),
        sa.Column("created_at", columns.moment(), nullable=False),
        sa.Column("seen_at", columns.moment(), nullable=False),
        sa.Column("expires_at", columns.moment(), nullable=False),
        sa.Column("address", sa.String(length=60), nullable=True),
        sa.Column("browser", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["ab_user.id"], name=op.f("fk_web_session_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("key_hash", name=op.f("pk_web_session")),
    )
    op.create_index(op.f("ix_web_session_expires_at"), "web_session", ["expires_at"], unique=False)
    op.create_index(op.f("ix_web_session_user_id"), "web_session", ["user_id"], unique=False)
    op.create_table(
        "ab_permission_view_role",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("permission_view_id", sa.Integer(), nullable=True),
        sa.Column("role_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["permission_view_id"],
            ["ab_permission_view.id"],
            name=op.f("fk_ab_permission_view_role_permission_view_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["role_id"], ["ab_role.id"], name=op.f("fk_ab_permission_view_role_role_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ab_permission_view_role")),
        sa.UniqueConstraint("permission_view_id", "role_id", name=op.f("uq_ab_permission_view_role_permission_view_id_role_id")),
    )
    op.create_index("idx_permission_view_id", "ab_permission_view_role", ["permission_view_id"], unique=False)
    op.create_index("idx_role_id", "ab_permission_view_role", ["role_id"], unique=False)
    op.create_table(
        "account",
        sa.Column("user_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_id", columns.big_id(), nullable=True),
        sa.Column("locale", sa.String(length=5), nullable=True),
        sa.Column("session_epoch", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["record.id"], name=op.f("fk_account_person_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["user_id"], ["ab_user.id"], name=op.f("fk_account_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_account")),
    )
    op.create_table(
        "agenda_item",
        sa.Column("id", columns.big_id(), autoincrement=False, nullable=False),
        sa.Column("meeting_id", columns.big_id(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("item_type", sa.String(length=20), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("presenter", sa.String(length=200), nullable=True),
        sa.Column("recommendation", sa.Text(), nullable=True),
        sa.Column("background", sa.Text(), nullable=True),
        sa.Column("presentation", sa.Text(), nullable=True),
        sa.Column("finances", sa.Text(), nullable=True),
        sa.Column("standing", sa.Boolean(), nullable=False),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.Column("block", sa.String(length=30), nullable=True),
        sa.Column("secretariat_note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["id"], ["record.id"], name=op.f("fk_agenda_item_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["meeting_id"], ["record.id"], name=op.f("fk_agenda_item_meeting_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agenda_item")),
    )
    op.create_index(op.f("ix_agenda_item_meeting_id"), "agenda_item", ["meeting_id"], unique=False)
    op.create_table(
        "api_idempotency",
        sa.Column("user_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("record_id", columns.big_id(), nullable=False),
        sa.Column("at", columns.moment(), nullable=False),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_api_idempotency_record_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["ab_user.id"], name=op.f("fk_api_idempotency_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "key", name=op.f("pk_api_idempotency")),
    )
    op.create_index(op.f("ix_api_idempotency_at"), "api_idempotency", ["at"], unique=False)
    op.create_index(op.f("ix_api_idempotency_record_id"), "api_idempotency", ["record_id"], unique=False)
    op.create_table(
        "board",
        sa.Column("id", columns.big_id(), autoincrement=False, nullable=False),
        sa.Column("kind_of", sa.String(length=20), nullable=False),
        sa.Column("meeting_name", sa.String(length=100), nullable=True),
        sa.Column("purpose", sa.Text(), nullable=True),
        sa.Column("place", sa.String(length=200), nullable=True),
        sa.Column("item_numbering", sa.String(length=10), nullable=False),
        sa.Column("items_days", sa.Integer(), nullable=False),
        sa.Column("draft_days", sa.Integer(), nullable=False),
        sa.Column("dispatch_days", sa.Integer(), nullable=False),
        sa.Column("minutes_days", sa.Integer(), nullable=False),
        sa.Column("comments_days", sa.Integer(), nullable=False),
        sa.Column("names_clusters", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["record.id"], name=op.f("fk_board_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_board")),
    )
    op.create_table(
        "change",
        sa.Column("id", columns.big_id(), nullable=False),
        sa.Column("txid", columns.big_id(), server_default="0", nullable=False),
        sa.Column("act_id", sa.String(length=32), nullable=False),
        sa.Column("record_id", columns.big_id(), nullable=False),
        sa.Column("type_id", sa.SmallInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", columns.moment(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["act_id"], ["act.id"], name=op.f("fk_change_act_id")),
        sa.ForeignKeyConstraint(["actor_id"], ["ab_user.id"], name=op.f("fk_change_actor_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_change_record_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_change_act_id"), "change", ["act_id"], unique=False)
    op.create_index("ix_change_cursor", "change", ["txid", "id"], unique=False)
    op.create_index("ix_change_record", "change", ["record_id", "id"], unique=False)
    op.create_table(
        "decision",
        sa.Column("id", columns.big_id(), autoincrement=False, nullable=False),
        sa.Column("agenda_item_id", columns.big_id(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["agenda_item_id"], ["record.id"], name=op.f("fk_decision_agenda_item_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["id"], ["record.id"], name=op.f("fk_decision_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
    )
    op.create_index(op.f("ix_decision_agenda_item_id"), "decision", ["agenda_item_id"], unique=False)
    op.create_table(
        "file",
        sa.Column("id", columns.big_id(), nullable=False),
        sa.Column("record_id", columns.big_id(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("media_type", sa.String(length=120), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("created_at", columns.moment(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["created_by"], ["ab_user.id"], name=op.f("fk_file_created_by"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_file_record_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_file")),
    )
    op.create_index("ix_file_record", "file", ["record_id", "id"], unique=False)
    op.create_index(op.f("ix_file_sha256"), "file", ["sha256"], unique=False)
    op.create_table(
        "flow_request",
        sa.Column("id", columns.big_id(), nullable=False),
        sa.Column("flow", sa.String(length=60), nullable=False),
        sa.Column("parameters", columns.json(), nullable=False),
        sa.Column("record_id", columns.big_id(), nullable=True),
        sa.Column("requested_by", sa.Integer(), nullable=True),
        sa.Column("source", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("once_key", sa.String(length=120), nullable=True),
        sa.Column("idempotency_key", sa.String(length=120), nullable=False),
        sa.Column("prefect_run_id", sa.String(length=36), nullable=True),
        sa.Column("progress", columns.json(), nullable=False),
        sa.Column("message", columns.json(), nullable=True),
        sa.Column("error_reference", sa.String(length=32), nullable=True),
        sa.Column("runs", sa.Integer(), nullable=False),
        sa.Column("trigger_attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", columns.moment(), nullable=True),
        sa.Column("created_at", columns.moment(), nullable=False),
        sa.Column("triggered_at", columns.moment(), nullable=True),
        sa.Column("started_at", columns.moment(), nullable=True),
        sa.Column("ended_at", columns.moment(), nullable=True),
        sa.CheckConstraint(
            "state in ('waiting', 'triggered', 'running', 'done', 'failed', 'cancelled')", name=op.f("ck_flow_request_state_known")
        ),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_flow_request_record_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["requested_by"], ["ab_user.id"], name=op.f("fk_flow_request_requested_by"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flow_request")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_flow_request_idempotency_key")),
        sa.UniqueConstraint("once_key", name=op.f("uq_flow_request_once_key")),
        sa.UniqueConstraint("prefect_run_id", name=op.f("uq_flow_request_prefect_run_id")),
    )
    op.create_index("ix_flow_request_record", "flow_request", ["record_id", "id"], unique=False)
    op.create_index("ix_flow_request_state", "flow_request", ["state", "next_at"], unique=False)
    op.create_table(
        "follow_up",
        sa.Column("id", columns.big_id(), autoincrement=False, nullable=False),
        sa.Column("meeting_id", columns.big_id(), nullable=False),
        sa.Column("agenda_item_id", columns.big_id(), nullable=True),
        sa.Column("responsible_id", columns.big_id(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["agenda_item_id"], ["record.id"], name=op.f("fk_follow_up_agenda_item_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["id"], ["record.id"], name=op.f("fk_follow_up_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["meeting_id"], ["record.id"], name=op.f("fk_follow_up_meeting_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["responsible_id"], ["record.id"], name=op.f("fk_follow_up_responsible_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up")),
    )
    op.create_index(op.f("ix_follow_up_agenda_item_id"), "follow_up", ["agenda_item_id"], unique=False)
    op.create_index(op.f("ix_follow_up_meeting_id"), "follow_up", ["meeting_id"], unique=False)
    op.create_index(op.f("ix_follow_up_responsible_id"), "follow_up", ["responsible_id"], unique=False)
    op.create_table(
        "mandate",
        sa.Column("id", columns.big_id(), autoincrement=False, nullable=False),
        sa.Column("board_id", columns.big_id(), nullable=False),
        sa.Column("person_id", columns.big_id(), nullable=False),
        sa.Column("organisation_id", columns.big_id(), nullable=True),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["board_id"], ["record.id"], name=op.f("fk_mandate_board_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["id"], ["record.id"], name=op.f("fk_mandate_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["organisation_id"], ["record.id"], name=op.f("fk_mandate_organisation_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["person_id"], ["record.id"], name=op.f("fk_mandate_person_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mandate")),
    )
    op.create_index(op.f("ix_mandate_board_id"), "mandate", ["board_id"], unique=False)
    op.create_index(op.f("ix_mandate_organisation_id"), "mandate", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_mandate_person_id"), "mandate", ["person_id"], unique=False)
    op.create_table(
        "meeting",
        sa.Column("id", columns.big_id(), autoincrement=False, nullable=False),
        sa.Column("board_id", columns.big_id(), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["board_id"], ["record.id"], name=op.f("fk_meeting_board_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["id"], ["record.id"], name=op.f("fk_meeting_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
    )
    op.create_index(op.f("ix_meeting_board_id"), "meeting", ["board_id"], unique=False)
    op.create_table(
        "organisation",
        sa.Column("id", columns.big_id(), autoincrement=False, nullable=False),
        sa.Column("kind_of", sa.String(length=40), nullable=True),
        sa.Column("parent_id", columns.big_id(), nullable=True),
        sa.Column("cvr", sa.String(length=40), nullable=True),
        sa.Column("cvr_doubtful", sa.Boolean(), nullable=True),
        sa.Column("municipality_code", sa.String(length=4), nullable=True),
        sa.Column("street", sa.String(length=200), nullable=True),
        sa.Column("postcode", sa.String(length=10), nullable=True),
        sa.Column("city", sa.String(length=100), nullable=True),
        sa.Column(
            "city_key", sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"), nullable=True
        ),
        sa.Column("website", sa.String(length=500), nullable=True),
        sa.Column("email", sa.String(length=320), nullable=True),
        sa.Column("phone", sa.String(length=40), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["id"], ["record.id"], name=op.f("fk_organisation_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["parent_id"], ["record.id"], name=op.f("fk_organisation_parent_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
    )
    op.create_index("ix_organisation_city_key", "organisation", ["city_key"], unique=False)
    op.create_index("ix_organisation_cvr", "organisation", ["cvr"], unique=False)
    op.create_index("ix_organisation_kind_of", "organisation", ["kind_of"], unique=False)
    op.create_index("ix_organisation_municipality_code", "organisation", ["municipality_code"], unique=False)
    op.create_index("ix_organisation_parent_id", "organisation", ["parent_id"], unique=False)
    op.create_table(
        "pack_version",
        sa.Column("id", columns.big_id(), nullable=False),
        sa.Column("meeting_id", columns.big_id(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("document", columns.json(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("word_sha256", sa.String(length=64), nullable=False),
        sa.Column("word_size", sa.Integer(), nullable=False),
        sa.Column("media_type", sa.String(length=120), nullable=False),
        sa.Column("built_at", columns.moment(), nullable=False),
        sa.Column("built_by", sa.Integer(), nullable=True),
        sa.Column("approved_at", columns.moment(), nullable=True),
        sa.Column("approved_by", sa.Integer(), nullable=True),
        sa.Column("approved_via", sa.String(length=10), nullable=True),
        sa.Column("send_mails", sa.Boolean(), nullable=False),
        sa.Column("published_at", columns.moment(), nullable=True),
        sa.Column("mails_sent", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["approved_by"], ["ab_user.id"], name=op.f("fk_pack_version_approved_by"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["built_by"], ["ab_user.id"], name=op.f("fk_pack_version_built_by"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["meeting_id"], ["record.id"], name=op.f("fk_pack_version_meeting_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pack_version")),
        sa.UniqueConstraint("meeting_id", "number", name=op.f("uq_pack_version_meeting_id_number")),
    )
    op.create_table(
        "person",
        sa.Column("id", columns.big_id(), autoincrement=False, nullable=False),
        sa.Column("given_name", sa.String(length=100), nullable=True),
        sa.Column("family_name", sa.String(length=100), nullable=True),
        sa.Column(
            "family_name_key", sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"), nullable=True
        ),
        sa.Column("email", sa.String(length=320), nullable=True),
        sa.Column("phone", sa.String(length=40), nullable=True),
        sa.Column("mobile", sa.String(length=40), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["id"], ["record.id"], name=op.f("fk_person_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
    )
    op.create_index("ix_person_email", "person", ["email"], unique=False)
    op.create_index("ix_person_family_name_key", "person", ["family_name_key"], unique=False)
    op.create_table(
        "record_link",
        sa.Column("id", columns.big_id(), nullable=False),
        sa.Column("from_id", columns.big_id(), nullable=False),
        sa.Column("field", sa.String(length=60), nullable=False),
        sa.Column("to_id", columns.big_id(), nullable=False),
        sa.Column("role", sa.String(length=100), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=True),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["from_id"], ["record.id"], name=op.f("fk_record_link_from_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["to_id"], ["record.id"], name=op.f("fk_record_link_to_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_link")),
        sa.UniqueConstraint(
            "from_id", "field", "to_id", "role", "from_on", name=op.f("uq_record_link_from_id_field_to_id_role_from_on")
        ),
    )
    op.create_index("ix_record_link_from", "record_link", ["from_id", "field", "position"], unique=False)
    op.create_index("ix_record_link_to", "record_link", ["to_id", "field"], unique=False)
    op.create_table(
        "approval_code",
        sa.Column("id", columns.big_id(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("meeting_id", columns.big_id(), nullable=False),
        sa.Column("version_id", columns.big_id(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("created_at", columns.moment(), nullable=False),
        sa.Column("expires_at", columns.moment(), nullable=False),
        sa.Column("used_at", columns.moment(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["record.id"], name=op.f("fk_approval_code_meeting_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["ab_user.id"], name=op.f("fk_approval_code_user_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["version_id"], ["pack_version.id"], name=op.f("fk_approval_code_version_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval_code")),
    )
    op.create_index("ix_approval_code_meeting", "approval_code", ["meeting_id", "id"], unique=False)
    op.create_table(
        "change_value",
        sa.Column("change_id", columns.big_id(), autoincrement=False, nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("patch", columns.json(), nullable=False),
        sa.ForeignKeyConstraint(["change_id"], ["change.id"], name=op.f("fk_change_value_change_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("change_id", name=op.f("pk_change_value")),
    )
    op.create_table(
        "pack_build",
        sa.Column("id", columns.big_id(), nullable=False),
        sa.Column("meeting_id", columns.big_id(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("ordered_at", columns.moment(), nullable=False),
        sa.Column("ordered_by", sa.Integer(), nullable=True),
        sa.Column("started_at", columns.moment(), nullable=True),
        sa.Column("ended_at", columns.moment(), nullable=True),
        sa.Column("cause_id", sa.String(length=80), nullable=True),
        sa.Column("document", columns.json(), nullable=True),
        sa.Column("word_sha256", sa.String(length=64), nullable=True),
        sa.Column("word_size", sa.Integer(), nullable=True),
        sa.Column("word_suffix", sa.String(length=10), nullable=True),
        sa.Column("media_type", sa.String(length=120), nullable=True),
        sa.Column("steps", columns.json(), nullable=False),
        sa.Column("version_id", columns.big_id(), nullable=True),
        sa.Column("message", columns.json(), nullable=True),
        sa.CheckConstraint("state in ('ordered', 'running', 'done', 'failed')", name=op.f("ck_pack_build_state_known")),
        sa.ForeignKeyConstraint(["meeting_id"], ["record.id"], name=op.f("fk_pack_build_meeting_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["ordered_by"], ["ab_user.id"], name=op.f("fk_pack_build_ordered_by"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["version_id"], ["pack_version.id"], name=op.f("fk_pack_build_version_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pack_build")),
    )
    op.create_index("ix_pack_build_meeting", "pack_build", ["meeting_id", "id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_pack_build_meeting", table_name="pack_build")
    op.drop_table("pack_build")
    op.drop_table("change_value")
    op.drop_index("ix_approval_code_meeting", table_name="approval_code")
    op.drop_table("approval_code")
    op.drop_index("ix_record_link_to", table_name="record_link")
    op.drop_index("ix_record_link_from", table_name="record_link")
    op.drop_table("record_link")
    op.drop_index("ix_person_family_name_key", table_name="person")
    op.drop_index("ix_person_email", table_name="person")
    op.drop_table("person")
    op.drop_table("pack_version")
    op.drop_index("ix_organisation_parent_id", table_name="organisation")
    op.drop_index("ix_organisation_municipality_code", table_name="organisation")
    op.drop_index("ix_organisation_kind_of", table_name="organisation")
    op.drop_index("ix_organisation_cvr", table_name="organisation")
    op.drop_index("ix_organisation_city_key", table_name="organisation")
    op.drop_table("organisation")
    op.drop_index(op.f("ix_meeting_board_id"), table_name="meeting")
    op.drop_table("meeting")
    op.drop_index(op.f("ix_mandate_person_id"), table_name="mandate")
    op.drop_index(op.f("ix_mandate_organisation_id"), table_name="mandate")
    op.drop_index(op.f("ix_mandate_board_id"), table_name="mandate")
    op.drop_table("mandate")
    op.drop_index(op.f("ix_follow_up_responsible_id"), table_name="follow_up")
    op.drop_index(op.f("ix_follow_up_meeting_id"), table_name="follow_up")
    op.drop_index(op.f("ix_follow_up_agenda_item_id"), table_name="follow_up")
    op.drop_table("follow_up")
    op.drop_index("ix_flow_request_state", table_name="flow_request")
    op.drop_index("ix_flow_request_record", table_name="flow_request")
    op.drop_table("flow_request")
    op.drop_index(op.f("ix_file_sha256"), table_name="file")
    op.drop_index("ix_file_record", table_name="file")
    op.drop_table("file")
    op.drop_index(op.f("ix_decision_agenda_item_id"), table_name="decision")
    op.drop_table("decision")
    op.drop_index("ix_change_record", table_name="change")
    op.drop_index("ix_change_cursor", table_name="change")
    op.drop_index(op.f("ix_change_act_id"), table_name="change")
    op.drop_table("change")
    op.drop_table("board")
    op.drop_index(op.f("ix_api_idempotency_record_id"), table_name="api_idempotency")
    op.drop_index(op.f("ix_api_idempotency_at"), table_name="api_idempotency")
    op.drop_table("api_idempotency")
    op.drop_index(op.f("ix_agenda_item_meeting_id"), table_name="agenda_item")
    op.drop_table("agenda_item")
    op.drop_table("account")
    op.drop_index("idx_role_id", table_name="ab_permission_view_role")
    op.drop_index("idx_permission_view_id", table_name="ab_permission_view_role")
    op.drop_table("ab_permission_view_role")
    op.drop_index(op.f("ix_web_session_user_id"), table_name="web_session")
    op.drop_index(op.f("ix_web_session_expires_at"), table_name="web_session")
    op.drop_table("web_session")
    op.drop_index(op.f("ix_sign_in_link_user_id"), table_name="sign_in_link")
    op.drop_table("sign_in_link")
    op.drop_index(
        "ix_record_updated_at",
        table_name="record",
        sqlite_where=sa.text("deleted_at IS NULL"),
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.drop_index(
        "ix_record_title_sort",
        table_name="record",
        sqlite_where=sa.text("deleted_at IS NULL"),
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.drop_index(
        "ix_record_t9",
        table_name="record",
        sqlite_where=sa.text("t9 IS NOT NULL AND deleted_at IS NULL"),
        postgresql_where=sa.text("t9 IS NOT NULL AND deleted_at IS NULL"),
    )
    op.drop_index(
        "ix_record_t8",
        table_name="record",
        sqlite_where=sa.text("t8 IS NOT NULL AND deleted_at IS NULL"),
        postgresql_where=sa.text("t8 IS NOT NULL AND deleted_at IS NULL"),
    )
    op.drop_index(
        "ix_record_t7",
        table_name="record",
        sqlite_where=sa.text("t7 IS NOT NULL AND deleted_at IS NULL"),
        postgresql_where=sa.text("t7 IS NOT NULL AND deleted_at IS NULL"),
    )
    op.drop_index(
        "ix_record_t6",
        table_name="record",
        sqlite_where=sa.text("t6 IS NOT NULL AND deleted_at IS NULL"),
        postgresql_where=sa.text("t6 IS NOT NULL AND deleted_at IS NULL"),
    )
    op.drop_index(
        "ix_record_t5",
        table_name="record",
        sqlite_where=sa.text("t5 IS NOT NULL AND deleted_at IS NULL"),
        postgresql_where=sa.text("t5 IS NOT NULL AND deleted_at IS NULL"),
    )
    op.drop_index(
        "ix_record_t4",
        table_name="record",
        sqlite_where=sa.text("t4 IS NOT NULL AND deleted_at IS NULL"),
        postgresql_where=sa.text("t4 IS NOT NULL AND deleted_at IS NULL"),
    )
    op.drop_index(
        "ix_record_t3",
        table_name="record",
        sqlite_where=sa.text("t3 IS NOT NULL AND deleted_at IS NULL"),
        postgresql_where=sa.text("t3 IS NOT NULL AND deleted_at IS NULL"),
    )
    op.drop_index(
        "ix_record_t2",
        table_name="record",
        sqlite_where=sa.text("t2 IS NOT NULL AND deleted_at IS NULL"),
        postgresql_where=sa.text("t2 IS NOT NULL AND deleted_at IS NULL"),
    )
    op.drop_index(
        "ix_record_t16",
        table_name="record",
        sqlite_where=sa.text("t16 IS NOT NULL AND deleted_at IS NULL"),
        postgresql_where=sa.text("t16 IS NOT NULL AND deleted_at IS NULL"),
    )
    op.drop_index(
        "ix_record_t15",
        table_name="record",
        sqlite_where=sa.text("t15 IS NOT NULL AND deleted_at IS NULL"),
        postgresql_where=sa.text("t15 IS NOT NULL AND deleted_at IS NULL"),
    )
    op.drop_index(
        "ix_record_t14",
        table_name="record",
        sqlite_where=sa.text("t14 IS NOT NULL AND deleted_at IS NULL"),
        postgresql_where=sa.text("t14 IS NOT NULL AND deleted_at IS NULL"),
    )
    op.drop_index(
        "ix_record_t13",
        table_name="record",
        sqlite_where=sa.text("t13 IS NOT NULL AND deleted_at IS NULL"),
        postgresql_where=sa.text("t13 IS NOT NULL AND deleted_at IS NULL"),
    )
    op.drop_index(
        "ix_record_t12",
        table_name="record",
        sqlite_where=sa.text("t12 IS NOT NULL AND deleted_at IS NULL"),
        postgresql_where=sa.text("t12 IS NOT NULL AND deleted_at IS NULL"),
    )
    op.drop_index(
        "ix_record_t11",
        table_name="record",
        sqlite_where=sa.text("t11 IS NOT NULL AND deleted_at IS NULL"),
        postgresql_where=sa.text("t11 IS NOT NULL AND deleted_at IS NULL"),
    )
    op.drop_index(
        "ix_record_t10",
        table_name="record",
        sqlite_where=sa.text("t10 IS NOT NULL AND deleted_at IS NULL"),
        postgresql_where=sa.text("t10 IS NOT NULL AND deleted_at IS NULL"),
    )
    op.drop_index(
        "ix_record_t1",
        table_name="record",
        sqlite_where=sa.text("t1 IS NOT NULL AND deleted_at IS NULL"),
        postgresql_where=sa.text("t1 IS NOT NULL AND deleted_at IS NULL"),
    )
    op.drop_index(
        "ix_record_state",
        table_name="record",
        sqlite_where=sa.text("state IS NOT NULL AND deleted_at IS NULL"),
        postgresql_where=sa.text("state IS NOT NULL AND deleted_at IS NULL"),
    )
    op.drop_index(
        "ix_record_starts_at",
        table_name="record",
        sqlite_where=sa.text("starts_at IS NOT NULL AND deleted_at IS NULL"),
        postgresql_where=sa.text("starts_at IS NOT NULL AND deleted_at IS NULL"),
    )
    op.drop_index(
        "ix_record_owner_id",
        table_name="record",
        sqlite_where=sa.text("owner_id IS NOT NULL AND deleted_at IS NULL"),
        postgresql_where=sa.text("owner_id IS NOT NULL AND deleted_at IS NULL"),
    )
    op.drop_index(
        "ix_record_n8",
        table_name="record",
        sqlite_where=sa.text("n8 IS NOT NULL AND deleted_at IS NULL"),
        postgresql_where=sa.text("n8 IS NOT NULL AND deleted_at IS NULL"),
    )
    op.drop_index(
        "ix_record_n7",
        table_name="record",
        sqlite_where=sa.text("n7 IS NOT NULL AND deleted_at IS NULL"),
        postgresql_where=sa.text("n7 IS NOT NULL AND deleted_at IS NULL"),
    )
    op.drop_index(
        "ix_record_n6",
        table_name="record",
        sqlite_where=sa.text("n6 IS NOT NULL AND deleted_at IS NULL"),
        postgresql_where=sa.text("n6 IS NOT NULL AND deleted_at IS NULL"),
    )
    op.drop_index(
        "ix_record_n5",
        table_name="record",
        sqlite_where=sa.text("n5 IS NOT NULL AND deleted_at IS NULL"),
        postgresql_where=sa.text("n5 IS NOT NULL AND deleted_at IS NULL"),
    )
    op.drop_index(
        "ix_record_n4",
        table_name="record",
        sqlite_where=sa.text("n4 IS NOT NULL AND deleted_at IS NULL"),
        postgresql_where=sa.text("n4 IS NOT NULL AND deleted_at IS NULL"),
    )
    op.drop_index(
        "ix_record_n3",
        table_name="record",
        sqlite_where=sa.text("n3 IS NOT NULL AND deleted_at IS NULL"),
        postgresql_where=sa.text("n3 IS NOT NULL AND deleted_at IS NULL"),
    )
    op.drop_index(
        "ix_record_n2",
        table_name="record",
        sqlite_where=sa.text("n2 IS NOT NULL AND deleted_at IS NULL"),
        postgresql_where=sa.text("n2 IS NOT NULL AND deleted_at IS NULL"),
    )
    op.drop_index(
        "ix_record_n1",
        table_name="record",
        sqlite_where=sa.text("n1 IS NOT NULL AND deleted_at IS NULL"),
        postgresql_where=sa.text("n1 IS NOT NULL AND deleted_at IS NULL"),
    )
    op.drop_index(
        "ix_record_due_at",
        table_name="record",
        sqlite_where=sa.text("due_at IS NOT NULL AND deleted_at IS NULL"),
        postgresql_where=sa.text("due_at IS NOT NULL AND deleted_at IS NULL"),
    )
    op.drop_index(
        "ix_record_deleted_at",
        table_name="record",
        sqlite_where=sa.text("deleted_at IS NOT NULL"),
        postgresql_where=sa.text("deleted_at IS NOT NULL"),
    )
    op.drop_index(
        "ix_record_d8",
        table_name="record",
        sqlite_where=sa.text("d8 IS NOT NULL AND deleted_at IS NULL"),
        postgresql_where=sa.text("d8 IS NOT NULL AND deleted_at IS NULL"),
    )
    op.drop_index(
        "ix_record_d7",
        table_name="record",
        sqlite_where=sa.text("d7 IS NOT NULL AND deleted_at IS NULL"),
        postgresql_where=sa.text("d7 IS NOT NULL AND deleted_at IS NULL"),
    )
    op.drop_index(
        "ix_record_d6",
        table_name="record",
        sqlite_where=sa.text("d6 IS NOT NULL AND deleted_at IS NULL"),
        postgresql_where=sa.text("d6 IS NOT NULL AND deleted_at IS NULL"),
    )
    op.drop_index(
        "ix_record_d5",
        table_name="record",
        sqlite_where=sa.text("d5 IS NOT NULL AND deleted_at IS NULL"),
        postgresql_where=sa.text("d5 IS NOT NULL AND deleted_at IS NULL"),
    )
    op.drop_index(
        "ix_record_d4",
        table_name="record",
        sqlite_where=sa.text("d4 IS NOT NULL AND deleted_at IS NULL"),
        postgresql_where=sa.text("d4 IS NOT NULL AND deleted_at IS NULL"),
    )
    op.drop_index(
        "ix_record_d3",
        table_name="record",
        sqlite_where=sa.text("d3 IS NOT NULL AND deleted_at IS NULL"),
        postgresql_where=sa.text("d3 IS NOT NULL AND deleted_at IS NULL"),
    )
    op.drop_index(
        "ix_record_d2",
        table_name="record",
        sqlite_where=sa.text("d2 IS NOT NULL AND deleted_at IS NULL"),
        postgresql_where=sa.text("d2 IS NOT NULL AND deleted_at IS NULL"),
    )
    op.drop_index(
        "ix_record_d1",
        table_name="record",
        sqlite_where=sa.text("d1 IS NOT NULL AND deleted_at IS NULL"),
        postgresql_where=sa.text("d1 IS NOT NULL AND deleted_at IS NULL"),
    )
    op.drop_table("record")
    op.drop_index(op.f("ix_municipality_region_region_key"), table_name="municipality_region")
    op.drop_table("municipality_region")
    op.drop_table("grant")
    op.drop_table("field_def")
    op.drop_index(op.f("ix_api_token_user_id"), table_name="api_token")
    op.drop_table("api_token")
    op.drop_table("act")
    op.drop_table("ab_user_role")
    op.drop_index("idx_user_id", table_name="ab_user_group")
    op.drop_index("idx_user_group_id", table_name="ab_user_group")
    op.drop_table("ab_user_group")
    op.drop_index("idx_view_menu_id", table_name="ab_permission_view")
    op.drop_index("idx_permission_id", table_name="ab_permission_view")
    op.drop_table("ab_permission_view")
    op.drop_index("idx_group_role_id", table_name="ab_group_role")
    op.drop_index("idx_group_id", table_name="ab_group_role")
    op.drop_table("ab_group_role")
    op.drop_index("idx_api_key_user_id", table_name="ab_api_key")
    op.drop_index("idx_api_key_prefix", table_name="ab_api_key")
    op.drop_index("idx_api_key_lookup_hash", table_name="ab_api_key")
    op.drop_table("ab_api_key")
    op.drop_table("worker_heartbeat")
    op.drop_index(op.f("ix_security_event_at"), table_name="security_event")
    op.drop_table("security_event")
    op.drop_table("region")
    op.drop_table("record_type")
    op.drop_table("platform_state")
    op.drop_table("municipality")
    op.drop_index("ix_mail_outbox_state", table_name="mail_outbox")
    op.drop_table("mail_outbox")
    op.drop_index("ix_login_attempt_address_at", table_name="login_attempt")
    op.drop_index("ix_login_attempt_account_at", table_name="login_attempt")
    op.drop_table("login_attempt")
    op.drop_table("change_cursor")
    op.drop_table("ab_view_menu")
    op.drop_table("ab_user")
    op.drop_table("ab_role")
    op.drop_table("ab_register_user")
    op.drop_table("ab_permission")
    op.drop_table("ab_group")
