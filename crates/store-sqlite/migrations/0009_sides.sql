-- Two providers for one account (domain::sides): whose name stands in the row of a message or a conversation, the names that other
-- sides give them, and who sends in one conversation. Names of different providers are never compared with one another.

ALTER TABLE account ADD COLUMN both_since INTEGER;

ALTER TABLE message ADD COLUMN provider TEXT NOT NULL DEFAULT 'official' CHECK (provider IN ('official', 'respondio', 'thirdparty'));
UPDATE message SET provider = b.provider FROM binding b
    WHERE b.account_id = message.account_id AND b.sends = 1 AND b.provider IN ('respondio', 'thirdparty');
DROP INDEX message_external;
CREATE UNIQUE INDEX message_external ON message (account_id, external_id, provider) WHERE external_id IS NOT NULL;

-- A key of a table can't be changed in place, so the table is made anew.
CREATE TABLE conversation_new (
    id                 INTEGER PRIMARY KEY,
    workspace_id       INTEGER NOT NULL,
    account_id         INTEGER NOT NULL,
    contact_id         INTEGER NOT NULL,
    provider           TEXT    NOT NULL CHECK (provider IN ('official', 'respondio', 'thirdparty')),
    external_id        TEXT    NOT NULL CHECK (length(external_id) BETWEEN 1 AND 512),
    sender             TEXT CHECK (sender IN ('official', 'respondio', 'thirdparty')),
    status             TEXT    NOT NULL CHECK (status IN ('open', 'snoozed', 'closed')),
    assignee           INTEGER,
    mode               TEXT    NOT NULL CHECK (mode IN ('human', 'bot', 'paused')),
    request            INTEGER NOT NULL CHECK (request IN (0, 1)),
    unread             INTEGER NOT NULL CHECK (unread >= 0),
    last_message_id    INTEGER,                 -- no foreign key: it would be a circle; NULL is never listed
    last_activity_at   INTEGER NOT NULL,
    last_incoming_at   INTEGER,                 -- this and the next four: domain::ledger
    first_outgoing_at  INTEGER,
    spent              INTEGER NOT NULL CHECK (spent >= 0),
    spent_in_grace     INTEGER NOT NULL CHECK (spent_in_grace >= 0),
    blocked_at         INTEGER,
    trouble            INTEGER NOT NULL CHECK (trouble IN (0, 1)),
    read_up_to         INTEGER,
    image_send         INTEGER CHECK (image_send IN (0, 1)),
    created_at         INTEGER NOT NULL,
    seq                INTEGER NOT NULL,
    UNIQUE (workspace_id, id),
    UNIQUE (account_id, external_id, provider),
    FOREIGN KEY (workspace_id, account_id) REFERENCES account (workspace_id, id),
    FOREIGN KEY (workspace_id, contact_id) REFERENCES contact (workspace_id, id),
    FOREIGN KEY (workspace_id, assignee) REFERENCES member (workspace_id, user_id)
) STRICT;
INSERT INTO conversation_new
SELECT c.id, c.workspace_id, c.account_id, c.contact_id,
    coalesce((SELECT b.provider FROM binding b WHERE b.account_id = c.account_id AND b.sends = 1 AND b.provider <> 'login'), 'official'), c.external_id, NULL,
    c.status, c.assignee, c.mode, c.request, c.unread, c.last_message_id, c.last_activity_at, c.last_incoming_at, c.first_outgoing_at,
    c.spent, c.spent_in_grace, c.blocked_at, c.trouble, c.read_up_to, c.image_send, c.created_at, c.seq
FROM conversation c;
DROP TABLE conversation;
ALTER TABLE conversation_new RENAME TO conversation;
CREATE INDEX conversation_newest ON conversation (workspace_id, status, last_activity_at, id);
CREATE INDEX conversation_waiting ON conversation (workspace_id, status, last_incoming_at, id);
CREATE INDEX conversation_external ON conversation (workspace_id, external_id);
CREATE INDEX conversation_contact ON conversation (workspace_id, contact_id);

CREATE TABLE conversation_name (
    workspace_id     INTEGER NOT NULL,
    account_id       INTEGER NOT NULL,
    provider         TEXT    NOT NULL CHECK (provider IN ('official', 'respondio', 'thirdparty')),
    external_id      TEXT    NOT NULL CHECK (length(external_id) BETWEEN 1 AND 512),
    conversation_id  INTEGER NOT NULL,
    guessed          INTEGER NOT NULL CHECK (guessed IN (0, 1)),
    PRIMARY KEY (account_id, external_id, provider),
    FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversation (workspace_id, id)
) STRICT;
CREATE INDEX conversation_name_conversation ON conversation_name (workspace_id, conversation_id);

-- Rows only for accounts that two sides tell of.
CREATE TABLE message_name (
    workspace_id  INTEGER NOT NULL,
    account_id    INTEGER NOT NULL,
    provider      TEXT    NOT NULL CHECK (provider IN ('official', 'respondio', 'thirdparty')),
    external_id   TEXT    NOT NULL CHECK (length(external_id) BETWEEN 1 AND 512),
    message_id    INTEGER NOT NULL,
    platform_id   TEXT CHECK (length(platform_id) BETWEEN 1 AND 512),
    told_at       INTEGER NOT NULL,
    guessed       INTEGER NOT NULL CHECK (guessed IN (0, 1)),
    PRIMARY KEY (account_id, external_id, provider),
    FOREIGN KEY (workspace_id, message_id) REFERENCES message (workspace_id, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX message_name_message ON message_name (workspace_id, message_id);
CREATE INDEX message_name_platform ON message_name (account_id, platform_id) WHERE platform_id IS NOT NULL;
