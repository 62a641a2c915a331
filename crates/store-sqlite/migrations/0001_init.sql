-- The whole data model. Table and column names are the same in both stores; times are milliseconds since 1970 in UTC.
--
-- Every row carries its workspace, and foreign keys include it, so that no row can point into another tenant.
-- Ids are made by the program (see domain::id). JSON is TEXT: it is read whole, never queried. Enumerations are TEXT.

CREATE TABLE workspace (
    id          INTEGER PRIMARY KEY,
    name        TEXT    NOT NULL,
    created_at  INTEGER NOT NULL
) STRICT;

-- Who can sign in.

CREATE TABLE "user" (
    id             INTEGER PRIMARY KEY,
    email          TEXT UNIQUE,                 -- lower case; NULL until the set-up is done
    name           TEXT    NOT NULL,
    password_hash  TEXT,
    created_at     INTEGER NOT NULL
) STRICT;

CREATE TABLE member (
    workspace_id  INTEGER NOT NULL REFERENCES workspace (id),
    user_id       INTEGER NOT NULL REFERENCES "user" (id),
    role          TEXT    NOT NULL CHECK (role IN ('viewer', 'agent', 'admin', 'owner')),
    accounts      TEXT,                         -- JSON list of account ids; NULL is all
    created_at    INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, user_id)
) STRICT;
CREATE INDEX member_user ON member (user_id, created_at);

CREATE TABLE session (
    hash          BLOB    NOT NULL PRIMARY KEY,
    workspace_id  INTEGER NOT NULL,
    user_id       INTEGER NOT NULL,
    expires_at    INTEGER NOT NULL,
    FOREIGN KEY (workspace_id, user_id) REFERENCES member (workspace_id, user_id) ON DELETE CASCADE
) STRICT;
CREATE INDEX session_member ON session (workspace_id, user_id);
CREATE INDEX session_expires ON session (expires_at);

CREATE TABLE api_key (
    id            INTEGER PRIMARY KEY,
    workspace_id  INTEGER NOT NULL REFERENCES workspace (id),
    hash          BLOB    NOT NULL UNIQUE,
    prefix        TEXT    NOT NULL,
    name          TEXT    NOT NULL,
    scope         TEXT    NOT NULL CHECK (scope IN ('read', 'send', 'admin')),
    created_by    INTEGER REFERENCES "user" (id),
    created_at    INTEGER NOT NULL,
    last_used_at  INTEGER,
    revoked_at    INTEGER                       -- the row stays: it names the author of messages
) STRICT;
CREATE INDEX api_key_workspace ON api_key (workspace_id, id);

CREATE TABLE login_link (
    hash        BLOB    NOT NULL PRIMARY KEY,
    user_id     INTEGER NOT NULL REFERENCES "user" (id) ON DELETE CASCADE,
    expires_at  INTEGER NOT NULL
) STRICT;

CREATE TABLE oauth_state (
    hash          BLOB    NOT NULL PRIMARY KEY,
    workspace_id  INTEGER NOT NULL REFERENCES workspace (id),
    session       BLOB    NOT NULL,
    kind          TEXT    NOT NULL,
    expires_at    INTEGER NOT NULL
) STRICT;

-- The installation.

CREATE TABLE setting (
    name   TEXT NOT NULL PRIMARY KEY,
    value  BLOB NOT NULL
) STRICT;

CREATE TABLE node_lease (
    node         INTEGER PRIMARY KEY CHECK (node BETWEEN 0 AND 1023),
    token        INTEGER NOT NULL,
    lease_until  INTEGER NOT NULL
) STRICT;

-- 'seq' is the number of the newest event, 'pruned' that of the newest event which is forgotten.
CREATE TABLE counter (
    name   TEXT    NOT NULL PRIMARY KEY,
    value  INTEGER NOT NULL
) STRICT;
INSERT INTO counter (name, value) VALUES ('seq', 0), ('pruned', 0);

-- Accounts: who they are, and through whom they are reached. An account can get a second binding, of which one sends.

CREATE TABLE account (
    id                INTEGER PRIMARY KEY,
    workspace_id      INTEGER NOT NULL REFERENCES workspace (id),
    username          TEXT,
    display_name      TEXT,
    avatar_url        TEXT,
    state             TEXT    NOT NULL CHECK (state IN ('active', 'paused', 'expiring', 'reconnect', 'disconnected')),
    state_reason      TEXT,
    rule_set          TEXT    NOT NULL CHECK (rule_set IN ('strict', 'unlimited')),
    scopes            TEXT    NOT NULL,         -- JSON list
    connected_at      INTEGER NOT NULL,
    last_delivery_at  INTEGER,
    created_at        INTEGER NOT NULL,
    UNIQUE (workspace_id, id)
) STRICT;

CREATE TABLE binding (
    id            INTEGER PRIMARY KEY,
    workspace_id  INTEGER NOT NULL,
    account_id    INTEGER NOT NULL,
    provider      TEXT    NOT NULL CHECK (provider IN ('official', 'respondio', 'thirdparty')),
    external_id   TEXT    NOT NULL CHECK (length(external_id) BETWEEN 1 AND 512),
    sends         INTEGER NOT NULL CHECK (sends IN (0, 1)),
    UNIQUE (provider, external_id),
    FOREIGN KEY (workspace_id, account_id) REFERENCES account (workspace_id, id)
) STRICT;
CREATE INDEX binding_account ON binding (workspace_id, account_id);
CREATE UNIQUE INDEX binding_sends ON binding (account_id) WHERE sends = 1;

-- Encrypted by the program.
CREATE TABLE token (
    account_id          INTEGER PRIMARY KEY,
    workspace_id        INTEGER NOT NULL,
    access              BLOB    NOT NULL,
    refresh             BLOB    NOT NULL,
    access_expires_at   INTEGER NOT NULL,
    refresh_expires_at  INTEGER NOT NULL,
    version             INTEGER NOT NULL,
    FOREIGN KEY (workspace_id, account_id) REFERENCES account (workspace_id, id)
) STRICT;
CREATE INDEX token_ends ON token (access_expires_at);

-- Conversations.

CREATE TABLE contact (
    id            INTEGER PRIMARY KEY,
    workspace_id  INTEGER NOT NULL REFERENCES workspace (id),
    channel       TEXT    NOT NULL CHECK (channel IN ('tiktok', 'thirdparty')),
    external_id   TEXT    NOT NULL CHECK (length(external_id) BETWEEN 1 AND 512),
    username      TEXT,
    display_name  TEXT,
    avatar_url    TEXT,
    is_follower   INTEGER CHECK (is_follower IN (0, 1)),
    created_at    INTEGER NOT NULL,
    UNIQUE (workspace_id, id),
    UNIQUE (workspace_id, channel, external_id)
) STRICT;

CREATE TABLE conversation (
    id                INTEGER PRIMARY KEY,
    workspace_id      INTEGER NOT NULL,
    account_id        INTEGER NOT NULL,
    contact_id        INTEGER NOT NULL,
    external_id       TEXT    NOT NULL CHECK (length(external_id) BETWEEN 1 AND 512),
    status            TEXT    NOT NULL CHECK (status IN ('open', 'snoozed', 'closed')),
    assignee          INTEGER,
    mode              TEXT    NOT NULL CHECK (mode IN ('human', 'bot', 'paused')),
    request           INTEGER NOT NULL CHECK (request IN (0, 1)),
    unread            INTEGER NOT NULL CHECK (unread >= 0),
    last_message_id   INTEGER,                  -- no foreign key: it would be a circle; NULL is never listed
    last_activity_at  INTEGER NOT NULL,
    last_incoming_at  INTEGER,                  -- this and the next two: domain::ledger
    spent             INTEGER NOT NULL CHECK (spent >= 0),
    blocked_at        INTEGER,
    trouble           INTEGER NOT NULL CHECK (trouble IN (0, 1)),
    read_up_to        INTEGER,
    image_send        INTEGER CHECK (image_send IN (0, 1)),
    created_at        INTEGER NOT NULL,
    seq               INTEGER NOT NULL,
    UNIQUE (workspace_id, id),
    UNIQUE (account_id, external_id),
    FOREIGN KEY (workspace_id, account_id) REFERENCES account (workspace_id, id),
    FOREIGN KEY (workspace_id, contact_id) REFERENCES contact (workspace_id, id),
    FOREIGN KEY (workspace_id, assignee) REFERENCES member (workspace_id, user_id)
) STRICT;
CREATE INDEX conversation_newest ON conversation (workspace_id, status, last_activity_at, id);
CREATE INDEX conversation_waiting ON conversation (workspace_id, status, last_incoming_at, id);
CREATE INDEX conversation_external ON conversation (workspace_id, external_id);

CREATE TABLE message (
    id                  INTEGER PRIMARY KEY,
    workspace_id        INTEGER NOT NULL,
    account_id          INTEGER NOT NULL,
    conversation_id     INTEGER NOT NULL,
    direction           TEXT    NOT NULL CHECK (direction IN ('incoming', 'outgoing')),
    author              TEXT    NOT NULL,       -- JSON: domain::message::Author
    content             TEXT    NOT NULL,       -- JSON: domain::content::Content
    external_id         TEXT CHECK (length(external_id) BETWEEN 1 AND 512),
    provisional         INTEGER NOT NULL CHECK (provisional IN (0, 1)),
    reported            INTEGER NOT NULL CHECK (reported IN (0, 1)),
    state               TEXT    NOT NULL CHECK (state IN ('received', 'queued', 'sending', 'sent', 'failed', 'unconfirmed')),
    failure             TEXT,                   -- JSON: domain::failure::Failure
    sent_at             INTEGER NOT NULL,
    created_at          INTEGER NOT NULL,
    quoted_external_id  TEXT,
    idempotency_key     TEXT CHECK (length(idempotency_key) BETWEEN 1 AND 512),
    send_anyway         INTEGER NOT NULL CHECK (send_anyway IN (0, 1)),
    next_attempt_at     INTEGER,
    seq                 INTEGER NOT NULL,
    UNIQUE (workspace_id, id),
    FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversation (workspace_id, id)
) STRICT;
CREATE INDEX message_place ON message (conversation_id, sent_at, id);
CREATE INDEX message_chats ON message (workspace_id, sent_at, id);
CREATE UNIQUE INDEX message_external ON message (account_id, external_id) WHERE external_id IS NOT NULL;
CREATE UNIQUE INDEX message_idempotency ON message (conversation_id, idempotency_key) WHERE idempotency_key IS NOT NULL;
CREATE INDEX message_outgoing ON message (conversation_id, sent_at) WHERE direction = 'outgoing';
CREATE INDEX message_pending ON message (conversation_id) WHERE state IN ('queued', 'sending', 'unconfirmed');

CREATE TABLE media (
    id               INTEGER PRIMARY KEY,
    workspace_id     INTEGER NOT NULL REFERENCES workspace (id),
    conversation_id  INTEGER,                   -- NULL for an upload
    message_id       INTEGER,                   -- the message it was received with; NULL for an upload
    origin           TEXT    NOT NULL,          -- JSON: domain::media::MediaOrigin
    state            TEXT    NOT NULL CHECK (state IN ('pending', 'ready', 'failed')),
    mime             TEXT,
    width            INTEGER,
    height           INTEGER,
    size             INTEGER,
    created_at       INTEGER NOT NULL,
    FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversation (workspace_id, id)
) STRICT;
CREATE INDEX media_message ON media (message_id);

-- Named by the provider's message id, because a reaction may come before its message.
CREATE TABLE reaction (
    workspace_id         INTEGER NOT NULL,
    account_id           INTEGER NOT NULL,
    message_external_id  TEXT    NOT NULL CHECK (length(message_external_id) BETWEEN 1 AND 512),
    reacted_by           TEXT    NOT NULL,
    reaction_key         TEXT    NOT NULL,
    image_url            TEXT,
    by_customer          INTEGER NOT NULL CHECK (by_customer IN (0, 1)),
    added                INTEGER NOT NULL CHECK (added IN (0, 1)),
    reacted_at           INTEGER NOT NULL,
    PRIMARY KEY (account_id, message_external_id, reacted_by, reaction_key),
    FOREIGN KEY (workspace_id, account_id) REFERENCES account (workspace_id, id)
) STRICT;

CREATE TABLE referral (
    workspace_id     INTEGER NOT NULL,
    conversation_id  INTEGER NOT NULL,
    referred_at      INTEGER NOT NULL,
    detail           TEXT    NOT NULL,          -- JSON: the provider's fields
    PRIMARY KEY (conversation_id, referred_at),
    FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversation (workspace_id, id)
) STRICT;

-- Raw webhooks. Both ids are NULL for an account that we don't know: kept, never shown.
CREATE TABLE delivery (
    id                   INTEGER PRIMARY KEY,
    workspace_id         INTEGER,
    account_id           INTEGER,
    provider             TEXT    NOT NULL CHECK (provider IN ('official', 'respondio', 'thirdparty')),
    account_external_id  TEXT,
    event                TEXT    NOT NULL,
    body                 BLOB    NOT NULL,
    digest               BLOB    NOT NULL CHECK (length(digest) = 16),
    received_at          INTEGER NOT NULL,
    late                 INTEGER NOT NULL CHECK (late IN (0, 1)),
    copies               INTEGER NOT NULL CHECK (copies >= 1),
    unsupported          TEXT,
    UNIQUE (provider, digest),
    FOREIGN KEY (workspace_id, account_id) REFERENCES account (workspace_id, id)
) STRICT;
CREATE INDEX delivery_workspace ON delivery (workspace_id, id);
CREATE INDEX delivery_unsupported ON delivery (workspace_id, id) WHERE unsupported IS NOT NULL;

-- What the dashboard can learn. Names subjects only, so it repeats no words of a person; no foreign key: subjects may go.
CREATE TABLE event (
    seq              INTEGER PRIMARY KEY,
    workspace_id     INTEGER NOT NULL,
    account_id       INTEGER NOT NULL,
    kind             TEXT    NOT NULL CHECK (kind IN ('message', 'status', 'conversation', 'account', 'removed')),
    conversation_id  INTEGER,
    message_id       INTEGER,
    created_at       INTEGER NOT NULL
) STRICT;
CREATE INDEX event_workspace ON event (workspace_id, seq);

-- Replies on their way out.

CREATE TABLE outbox (
    message_id       INTEGER PRIMARY KEY,
    workspace_id     INTEGER NOT NULL,
    account_id       INTEGER NOT NULL,
    conversation_id  INTEGER NOT NULL,
    queued_at        INTEGER NOT NULL,
    due_at           INTEGER NOT NULL,
    phase            TEXT    NOT NULL CHECK (phase IN ('send', 'check')),
    attempts         INTEGER NOT NULL CHECK (attempts >= 0),
    lease_token      INTEGER,
    lease_until      INTEGER,
    begun            INTEGER NOT NULL CHECK (begun IN (0, 1)),
    CHECK ((lease_token IS NULL) = (lease_until IS NULL)),
    FOREIGN KEY (workspace_id, message_id) REFERENCES message (workspace_id, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX outbox_message ON outbox (workspace_id, message_id);
CREATE INDEX outbox_due ON outbox (due_at);
CREATE INDEX outbox_order ON outbox (conversation_id, queued_at, message_id);
CREATE INDEX outbox_account ON outbox (account_id);
CREATE INDEX outbox_lease ON outbox (lease_until) WHERE lease_until IS NOT NULL;

CREATE TABLE attempt (
    id            INTEGER PRIMARY KEY,
    workspace_id  INTEGER NOT NULL,
    message_id    INTEGER NOT NULL,
    token         INTEGER NOT NULL,
    began_at      INTEGER NOT NULL,
    settled_at    INTEGER,
    outcome       TEXT CHECK (outcome IN ('sent', 'retry', 'refused', 'unknown')),
    code          INTEGER,
    UNIQUE (message_id, token),
    FOREIGN KEY (workspace_id, message_id) REFERENCES message (workspace_id, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX attempt_message ON attempt (workspace_id, message_id);

-- Everything else that is to be done. Equal tasks that wait (not leased, not failed) are one.
CREATE TABLE job (
    id            INTEGER PRIMARY KEY,
    workspace_id  INTEGER NOT NULL REFERENCES workspace (id),
    task          TEXT    NOT NULL,             -- JSON: domain::job::Task
    due_at        INTEGER NOT NULL,
    attempts      INTEGER NOT NULL CHECK (attempts >= 0),
    lease_token   INTEGER,
    lease_until   INTEGER,
    failed        INTEGER NOT NULL CHECK (failed IN (0, 1)),
    error         TEXT,
    created_at    INTEGER NOT NULL,
    CHECK ((lease_token IS NULL) = (lease_until IS NULL))
) STRICT;
CREATE UNIQUE INDEX job_waiting ON job (workspace_id, task) WHERE lease_token IS NULL AND failed = 0;
CREATE INDEX job_due ON job (due_at) WHERE failed = 0;
