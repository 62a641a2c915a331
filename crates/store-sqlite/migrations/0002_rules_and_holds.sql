-- The second reading of TikTok's rules (domain::ledger), and messages of low priority that wait in nobody's way (domain::outbox).
-- A CHECK can't be changed in place, so the two tables that name the words are made anew.

CREATE TABLE account_new (
    id                INTEGER PRIMARY KEY,
    workspace_id      INTEGER NOT NULL REFERENCES workspace (id),
    username          TEXT,
    display_name      TEXT,
    avatar_url        TEXT,
    state             TEXT    NOT NULL CHECK (state IN ('active', 'paused', 'expiring', 'reconnect', 'disconnected')),
    state_reason      TEXT,
    rule_set          TEXT    NOT NULL CHECK (rule_set IN ('strict', 'guide', 'unlimited')),
    scopes            TEXT    NOT NULL,         -- JSON list
    connected_at      INTEGER NOT NULL,
    last_delivery_at  INTEGER,
    created_at        INTEGER NOT NULL,
    UNIQUE (workspace_id, id)
) STRICT;
INSERT INTO account_new SELECT * FROM account;
DROP TABLE account;
ALTER TABLE account_new RENAME TO account;

ALTER TABLE conversation ADD COLUMN first_outgoing_at INTEGER;
ALTER TABLE conversation ADD COLUMN spent_in_grace INTEGER NOT NULL DEFAULT 0 CHECK (spent_in_grace >= 0);
UPDATE conversation SET first_outgoing_at = (SELECT min(m.sent_at) FROM message m
    WHERE m.conversation_id = conversation.id AND m.direction = 'outgoing' AND m.reported = 1);

ALTER TABLE message ADD COLUMN priority TEXT NOT NULL DEFAULT 'normal' CHECK (priority IN ('normal', 'low'));

CREATE TABLE outbox_new (
    message_id       INTEGER PRIMARY KEY,
    workspace_id     INTEGER NOT NULL,
    account_id       INTEGER NOT NULL,
    conversation_id  INTEGER NOT NULL,
    queued_at        INTEGER NOT NULL,
    due_at           INTEGER NOT NULL,
    phase            TEXT    NOT NULL CHECK (phase IN ('send', 'check', 'hold')),
    attempts         INTEGER NOT NULL CHECK (attempts >= 0),
    lease_token      INTEGER,
    lease_until      INTEGER,
    begun            INTEGER NOT NULL CHECK (begun IN (0, 1)),
    CHECK ((lease_token IS NULL) = (lease_until IS NULL)),
    FOREIGN KEY (workspace_id, message_id) REFERENCES message (workspace_id, id) ON DELETE CASCADE
) STRICT;
INSERT INTO outbox_new SELECT * FROM outbox;
DROP TABLE outbox;
ALTER TABLE outbox_new RENAME TO outbox;
CREATE INDEX outbox_message ON outbox (workspace_id, message_id);
CREATE INDEX outbox_due ON outbox (due_at);
CREATE INDEX outbox_order ON outbox (conversation_id, queued_at, message_id) WHERE phase <> 'hold';
CREATE INDEX outbox_conversation ON outbox (conversation_id);
CREATE INDEX outbox_account ON outbox (account_id);
CREATE INDEX outbox_lease ON outbox (lease_until) WHERE lease_until IS NOT NULL;
