"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision: str | None = None


def upgrade() -> None:
    op.create_table(
        "blob",
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=True),
        sa.Column("put_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_blob")),
    )
    op.create_table(
        "counter",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_counter")),
    )
    op.create_table(
        "imap_folder",
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("folder", sa.String(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("uidvalidity", sa.BigInteger(), nullable=False),
        sa.Column("uidnext", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("account", "folder", name=op.f("pk_imap_folder")),
    )
    op.create_table(
        "imap_position",
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("folder", sa.String(), nullable=False),
        sa.Column("uidvalidity", sa.BigInteger(), nullable=False),
        sa.Column("uid", sa.BigInteger(), nullable=False),
        sa.Column("mail", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("account", "folder", "uidvalidity", "uid", name=op.f("pk_imap_position")),
    )
    op.create_table(
        "key",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_key")),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("once", sa.String(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("ticket", sa.BigInteger(), nullable=True),
        sa.Column("article", sa.String(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("recipient", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("auto_submitted", sa.String(), nullable=False),
        sa.Column("date", sa.DateTime(timezone=True), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt", sa.DateTime(timezone=True), nullable=False),
        sa.Column("trying", sa.String(), nullable=False),
        sa.Column("merged_by", sa.String(), nullable=False),
        sa.Column("last_code", sa.Integer(), nullable=True),
        sa.Column("last_text", sa.String(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("letter", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("message_id", name=op.f("uq_outbox_message_id")),
        sa.UniqueConstraint("once", name=op.f("uq_outbox_once")),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index(
            "ix_outbox_answered",
            ["sent_at"],
            unique=False,
            sqlite_where=sa.text("auto_submitted = 'auto-replied'"),
            postgresql_where=sa.text("auto_submitted = 'auto-replied'"),
        )
        batch_op.create_index(
            "ix_outbox_due",
            ["next_attempt"],
            unique=False,
            sqlite_where=sa.text("state IN ('waiting', 'queued', 'sending')"),
            postgresql_where=sa.text("state IN ('waiting', 'queued', 'sending')"),
        )
        batch_op.create_index("ix_outbox_recipient_auto_submitted_date", ["recipient", "auto_submitted", "date"])
        batch_op.create_index("ix_outbox_sent_at", ["sent_at"], unique=False)
        batch_op.create_index("ix_outbox_state_date", ["state", "date"], unique=False)
        batch_op.create_index("ix_outbox_ticket_recipient", ["ticket", "recipient"], unique=False)

    op.create_table(
        "hook_call",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("hook", sa.String(), nullable=False),
        sa.Column("ticket", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt", sa.DateTime(timezone=True), nullable=False),
        sa.Column("said", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hook_call")),
    )
    with op.batch_alter_table("hook_call", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hook_call_ticket"), ["ticket"], unique=False)
        batch_op.create_index(
            "ix_hook_call_waiting",
            ["next_attempt", "id"],
            unique=False,
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )

    op.create_table(
        "telling",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("telling", sa.String(), nullable=False),
        sa.Column("ticket", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("act", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_telling")),
    )
    with op.batch_alter_table("telling", schema=None) as batch_op:
        batch_op.create_index("ix_telling_due_at_id", ["due_at", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_telling_telling"), ["telling"], unique=False)
        batch_op.create_index(batch_op.f("ix_telling_ticket"), ["ticket"], unique=False)

    op.create_table(
        "pause",
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("what", name=op.f("pk_pause")),
    )
    op.create_table(
        "person",
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("proven_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("hard_bounces", sa.Integer(), nullable=False),
        sa.Column("blocked", sa.Boolean(), nullable=False),
        sa.Column("suppressed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("suppressed_why", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("email", name=op.f("pk_person")),
    )
    op.create_table(
        "ticket",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("mailbox", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("phase", sa.String(), nullable=False),
        sa.Column("priority", sa.String(), nullable=False),
        sa.Column("priority_order", sa.Integer(), nullable=False),
        sa.Column("requester_name", sa.String(), nullable=False),
        sa.Column("requester_email", sa.String(), nullable=False),
        sa.Column("participants", sa.JSON(), nullable=False),
        sa.Column("team", sa.String(), nullable=True),
        sa.Column("assignee", sa.String(), nullable=True),
        sa.Column("tier", sa.String(), nullable=True),
        sa.Column("organisation", sa.String(), nullable=True),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("merged_into", sa.BigInteger(), nullable=True),
        sa.Column("problem", sa.String(), nullable=True),
        sa.Column("task", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("solved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("first_response_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("late_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("first_due", sa.DateTime(timezone=True), nullable=True),
        sa.Column("projected_by", sa.String(), nullable=False),
        sa.Column("machine", sa.Boolean(), nullable=False),
        sa.Column("reopened", sa.Integer(), nullable=False),
        sa.Column("response_kept", sa.Boolean(), nullable=True),
        sa.Column("resolution_kept", sa.Boolean(), nullable=True),
        sa.Column("rating", sa.Integer(), nullable=True),
        sa.Column("minutes_spent", sa.Integer(), nullable=False),
        sa.Column("snapshot", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_ticket")),
    )
    with op.batch_alter_table("ticket", schema=None) as batch_op:
        batch_op.create_index("ix_ticket_assignee_status", ["assignee", "status"], unique=False)
        batch_op.create_index(
            "ix_ticket_due_at",
            ["due_at"],
            unique=False,
            sqlite_where=sa.text("due_at IS NOT NULL"),
            postgresql_where=sa.text("due_at IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_ticket_problem",
            ["problem"],
            unique=False,
            sqlite_where=sa.text("problem IS NOT NULL"),
            postgresql_where=sa.text("problem IS NOT NULL"),
        )
        batch_op.create_index("ix_ticket_requester_email_created_at", ["requester_email", "created_at"], unique=False)
        batch_op.create_index(
            "ix_ticket_task",
            ["task"],
            unique=False,
            sqlite_where=sa.text("task IS NOT NULL"),
            postgresql_where=sa.text("task IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_ticket_worked",
            ["priority_order", "created_at", "number"],
            unique=False,
            sqlite_where=sa.text("status != 'closed'"),
            postgresql_where=sa.text("status != 'closed'"),
        )

    op.create_table(
        "article",
        sa.Column("position", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("ticket", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("direction", sa.String(), nullable=False),
        sa.Column("visibility", sa.String(), nullable=False),
        sa.Column("author_role", sa.String(), nullable=False),
        sa.Column("author_name", sa.String(), nullable=False),
        sa.Column("author_email", sa.String(), nullable=False),
        sa.Column("author_id", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("quoted", sa.String(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=True),
        sa.Column("mail_id", sa.String(), nullable=True),
        sa.Column("reached", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["ticket"], ["ticket.number"], name=op.f("fk_article_ticket_ticket")),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_article")),
        sa.UniqueConstraint("id", name=op.f("uq_article_id")),
    )
    with op.batch_alter_table("article", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_article_mail_id"), ["mail_id"], unique=False)
        batch_op.create_index("ix_article_ticket_position", ["ticket", "position"], unique=False)

    op.create_table(
        "enclosure",
        sa.Column("letter", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["letter"], ["outbox.id"], name=op.f("fk_enclosure_letter_outbox")),
        sa.ForeignKeyConstraint(["sha256"], ["blob.sha256"], name=op.f("fk_enclosure_sha256_blob")),
        sa.PrimaryKeyConstraint("letter", "sha256", name=op.f("pk_enclosure")),
    )
    with op.batch_alter_table("enclosure", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_enclosure_sha256"), ["sha256"], unique=False)

    op.create_table(
        "event",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ticket", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["ticket"], ["ticket.number"], name=op.f("fk_event_ticket_ticket")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
        sa.UniqueConstraint("ticket", "seq", name=op.f("uq_event_ticket_seq")),
    )
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.create_index(
            "ix_event_logged",
            ["at"],
            unique=False,
            sqlite_where=sa.text("kind IN ('TimeSpent', 'Undone', 'AllowanceReached')"),
            postgresql_where=sa.text("kind IN ('TimeSpent', 'Undone', 'AllowanceReached')"),
        )

    op.create_table(
        "mail",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("copies", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("mailbox", sa.String(), nullable=False),
        sa.Column("mail_from", sa.String(), nullable=False),
        sa.Column("rcpt_tos", sa.JSON(), nullable=False),
        sa.Column("peer", sa.String(), nullable=False),
        sa.Column("helo", sa.String(), nullable=False),
        sa.Column("tls", sa.Boolean(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("verdict", sa.JSON(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("ticket", sa.BigInteger(), nullable=True),
        sa.Column("article", sa.String(), nullable=True),
        sa.Column("message_id", sa.String(), nullable=True),
        sa.Column("from_email", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("released_by", sa.String(), nullable=False),
        sa.Column("released_as", sa.String(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["sha256"], ["blob.sha256"], name=op.f("fk_mail_sha256_blob")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail")),
        sa.UniqueConstraint("key", name=op.f("uq_mail_key")),
    )
    with op.batch_alter_table("mail", schema=None) as batch_op:
        batch_op.create_index(
            "ix_mail_fingerprint",
            ["fingerprint", "received_at"],
            unique=False,
            sqlite_where=sa.text("fingerprint != ''"),
            postgresql_where=sa.text("fingerprint != ''"),
        )
        batch_op.create_index(
            "ix_mail_pending",
            ["received_at", "id"],
            unique=False,
            sqlite_where=sa.text("state = 'pending'"),
            postgresql_where=sa.text("state = 'pending'"),
        )
        batch_op.create_index(batch_op.f("ix_mail_received_at"), ["received_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_mail_sha256"), ["sha256"], unique=False)
        batch_op.create_index("ix_mail_state_received_at", ["state", "received_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_mail_ticket"), ["ticket"], unique=False)

    op.create_table(
        "message_ref",
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("ticket", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["ticket"], ["ticket.number"], name=op.f("fk_message_ref_ticket_ticket")),
        sa.PrimaryKeyConstraint("message_id", "ticket", name=op.f("pk_message_ref")),
    )
    with op.batch_alter_table("message_ref", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_message_ref_ticket"), ["ticket"], unique=False)

    op.create_table(
        "attachment",
        sa.Column("ticket", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("article", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("content_type", sa.String(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("inline", sa.Boolean(), nullable=False),
        sa.Column("content_id", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["article"], ["article.id"], name=op.f("fk_attachment_article_article")),
        sa.ForeignKeyConstraint(["sha256"], ["blob.sha256"], name=op.f("fk_attachment_sha256_blob")),
        sa.ForeignKeyConstraint(["ticket"], ["ticket.number"], name=op.f("fk_attachment_ticket_ticket")),
        sa.PrimaryKeyConstraint("ticket", "id", name=op.f("pk_attachment")),
    )
    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attachment_article"), ["article"], unique=False)
        batch_op.create_index(batch_op.f("ix_attachment_sha256"), ["sha256"], unique=False)

    tx = op.get_bind()
    for statement in WORDS[tx.dialect.name]:
        tx.exec_driver_sql(statement)


WORDS = {  # full text, as gateway.store.words has it in this version
    "sqlite": (
        "CREATE VIRTUAL TABLE ticket_words USING fts5(subject, requester_name, requester_email, content='ticket', "
        "content_rowid='number', tokenize='unicode61 remove_diacritics 2')",
        "CREATE TRIGGER ticket_words_insert AFTER INSERT ON ticket BEGIN "
        "INSERT INTO ticket_words(rowid, subject, requester_name, requester_email) "
        "VALUES (new.number, new.subject, new.requester_name, new.requester_email); END",
        "CREATE TRIGGER ticket_words_delete AFTER DELETE ON ticket BEGIN "
        "INSERT INTO ticket_words(ticket_words, rowid, subject, requester_name, requester_email) "
        "VALUES ('delete', old.number, old.subject, old.requester_name, old.requester_email); END",
        "CREATE TRIGGER ticket_words_update AFTER UPDATE ON ticket WHEN old.subject IS NOT new.subject "
        "OR old.requester_name IS NOT new.requester_name OR old.requester_email IS NOT new.requester_email BEGIN "
        "INSERT INTO ticket_words(ticket_words, rowid, subject, requester_name, requester_email) "
        "VALUES ('delete', old.number, old.subject, old.requester_name, old.requester_email); "
        "INSERT INTO ticket_words(rowid, subject, requester_name, requester_email) "
        "VALUES (new.number, new.subject, new.requester_name, new.requester_email); END",
        "CREATE VIRTUAL TABLE article_words USING fts5(author_name, author_email, subject, text, content='article', "
        "content_rowid='position', tokenize='unicode61 remove_diacritics 2')",
        "CREATE TRIGGER article_words_insert AFTER INSERT ON article BEGIN "
        "INSERT INTO article_words(rowid, author_name, author_email, subject, text) "
        "VALUES (new.position, new.author_name, new.author_email, new.subject, new.text); END",
        "CREATE TRIGGER article_words_delete AFTER DELETE ON article BEGIN "
        "INSERT INTO article_words(article_words, rowid, author_name, author_email, subject, text) "
        "VALUES ('delete', old.position, old.author_name, old.author_email, old.subject, old.text); END",
        "CREATE TRIGGER article_words_update AFTER UPDATE ON article WHEN old.author_name IS NOT new.author_name "
        "OR old.author_email IS NOT new.author_email OR old.subject IS NOT new.subject OR old.text IS NOT new.text "
        "BEGIN INSERT INTO article_words(article_words, rowid, author_name, author_email, subject, text) "
        "VALUES ('delete', old.position, old.author_name, old.author_email, old.subject, old.text); "
        "INSERT INTO article_words(rowid, author_name, author_email, subject, text) "
        "VALUES (new.position, new.author_name, new.author_email, new.subject, new.text); END",
    ),
    "postgresql": (
        "CREATE INDEX ix_ticket_words ON ticket USING gin ((to_tsvector('simple', translate(left("
        "subject || ' ' || requester_name || ' ' || requester_email, 100000), "
        "E'!\"#$%%&''()*+,-./:;<=>?@[\\\\]^_`{|}~', '                                '))))",
        "CREATE INDEX ix_article_words ON article USING gin ((to_tsvector('simple', translate(left("
        "author_name || ' ' || author_email || ' ' || subject || ' ' || text, 100000), "
        "E'!\"#$%%&''()*+,-./:;<=>?@[\\\\]^_`{|}~', '                                '))))",
    ),
}
