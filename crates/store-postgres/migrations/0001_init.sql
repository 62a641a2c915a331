-- The whole data model. Table and column names are the same in both stores; times are milliseconds since 1970 in UTC.
--
-- Every row carries its workspace, and foreign keys include it, so that no row can point into another tenant.
-- Ids are made by the program (see domain::id). JSON is TEXT: it is read whole, never queried. Enumerations are TEXT.

CREATE TABLE workspace (
    id          BIGINT PRIMARY KEY,
    name        TEXT    NOT NULL,
    created_at  BIGINT NOT NULL
);

-- Who can sign in.

CREATE TABLE "user" (
    id             BIGINT PRIMARY KEY,
    email          TEXT UNIQUE,                 -- lower case; NULL until the set-up is done
    name           TEXT    NOT NULL,
    password_hash  TEXT,
    created_at     BIGINT NOT NULL
);

CREATE TABLE member (
    workspace_id  BIGINT NOT NULL REFERENCES workspace (id),
    user_id       BIGINT NOT NULL REFERENCES "user" (id),
    role          TEXT    NOT NULL CHECK (role IN ('viewer', 'agent', 'admin', 'owner')),
    accounts      TEXT,                         -- JSON list of account ids; NULL is all
    created_at    BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, user_id)
);
CREATE INDEX member_user ON member (user_id, created_at);

CREATE TABLE session (
    hash          BYTEA    NOT NULL PRIMARY KEY,
    workspace_id  BIGINT NOT NULL,
    user_id       BIGINT NOT NULL,
    expires_at    BIGINT NOT NULL,
    FOREIGN KEY (workspace_id, user_id) REFERENCES member (workspace_id, user_id) ON DELETE CASCADE
);
CREATE INDEX session_member ON session (workspace_id, user_id);
CREATE INDEX session_expires ON session (expires_at);

CREATE TABLE api_key (
    id            BIGINT PRIMARY KEY,
    workspace_id  BIGINT NOT NULL REFERENCES workspace (id),
    hash          BYTEA    NOT NULL UNIQUE,
    prefix        TEXT    NOT NULL,
    name          TEXT    NOT NULL,
    scope         TEXT    NOT NULL CHECK (scope IN ('read', 'send', 'admin')),
    created_by    BIGINT REFERENCES "user" (id),
    created_at    BIGINT NOT NULL,
    last_used_at  BIGINT,
    revoked_at    BIGINT                       -- the row stays: it names the author of messages
);
CREATE INDEX api_key_workspace ON api_key (workspace_id, id);

CREATE TABLE login_link (
    hash        BYTEA    NOT NULL PRIMARY KEY,
    user_id     BIGINT NOT NULL REFERENCES "user" (id) ON DELETE CASCADE,
    expires_at  BIGINT NOT NULL
);

CREATE TABLE oauth_state (
    hash          BYTEA    NOT NULL PRIMARY KEY,
    workspace_id  BIGINT NOT NULL REFERENCES workspace (id),
    session       BYTEA    NOT NULL,
    kind          TEXT    NOT NULL,
    expires_at    BIGINT NOT NULL
);

-- The installation.

CREATE TABLE setting (
    name   TEXT NOT NULL PRIMARY KEY,
    value  BYTEA NOT NULL
);

CREATE TABLE node_lease (
    node         BIGINT PRIMARY KEY CHECK (node BETWEEN 0 AND 1023),
    token        BIGINT NOT NULL,
    lease_until  BIGINT NOT NULL
);

-- 'seq' is the number of the newest event, 'pruned' that of the newest event which is forgotten.
CREATE TABLE counter (
    name   TEXT    NOT NULL PRIMARY KEY,
    value  BIGINT NOT NULL
);
INSERT INTO counter (name, value) VALUES ('seq', 0), ('pruned', 0);

-- Accounts: who they are, and through whom they are reached. An account can get a second binding, of which one sends.

CREATE TABLE account (
    id                BIGINT PRIMARY KEY,
    workspace_id      BIGINT NOT NULL REFERENCES workspace (id),
    username          TEXT,
    display_name      TEXT,
    avatar_url        TEXT,
    state             TEXT    NOT NULL CHECK (state IN ('active', 'paused', 'expiring', 'reconnect', 'disconnected')),
    state_reason      TEXT,
    rule_set          TEXT    NOT NULL CHECK (rule_set IN ('strict', 'unlimited')),
    scopes            TEXT    NOT NULL,         -- JSON list
    connected_at      BIGINT NOT NULL,
    last_delivery_at  BIGINT,
    created_at        BIGINT NOT NULL,
    UNIQUE (workspace_id, id)
);

CREATE TABLE binding (
    id            BIGINT PRIMARY KEY,
    workspace_id  BIGINT NOT NULL,
    account_id    BIGINT NOT NULL,
    provider      TEXT    NOT NULL CHECK (provider IN ('official', 'respondio', 'thirdparty')),
    external_id   TEXT    NOT NULL CHECK (length(external_id) BETWEEN 1 AND 512),
    sends         BOOLEAN NOT NULL,
    UNIQUE (provider, external_id),
    FOREIGN KEY (workspace_id, account_id) REFERENCES account (workspace_id, id)
);
CREATE INDEX binding_account ON binding (workspace_id, account_id);
CREATE UNIQUE INDEX binding_sends ON binding (account_id) WHERE sends;

-- Encrypted by the program.
CREATE TABLE token (
    account_id          BIGINT PRIMARY KEY,
    workspace_id        BIGINT NOT NULL,
    access              BYTEA    NOT NULL,
    refresh             BYTEA    NOT NULL,
    access_expires_at   BIGINT NOT NULL,
    refresh_expires_at  BIGINT NOT NULL,
    version             BIGINT NOT NULL,
    FOREIGN KEY (workspace_id, account_id) REFERENCES account (workspace_id, id)
);
CREATE INDEX token_ends ON token (access_expires_at);

-- Conversations.

CREATE TABLE contact (
    id            BIGINT PRIMARY KEY,
    workspace_id  BIGINT NOT NULL REFERENCES workspace (id),
    channel       TEXT    NOT NULL CHECK (channel IN ('tiktok', 'thirdparty')),
    external_id   TEXT    NOT NULL CHECK (length(external_id) BETWEEN 1 AND 512),
    username      TEXT,
    display_name  TEXT,
    avatar_url    TEXT,
    is_follower   BOOLEAN,
    created_at    BIGINT NOT NULL,
    UNIQUE (workspace_id, id),
    UNIQUE (workspace_id, channel, external_id)
);

CREATE TABLE conversation (
    id                BIGINT PRIMARY KEY,
    workspace_id      BIGINT NOT NULL,
    account_id        BIGINT NOT NULL,
    contact_id        BIGINT NOT NULL,
    external_id       TEXT    NOT NULL CHECK (length(external_id) BETWEEN 1 AND 512),
    status            TEXT    NOT NULL CHECK (status IN ('open', 'snoozed', 'closed')),
    assignee          BIGINT,
    mode              TEXT    NOT NULL CHECK (mode IN ('human', 'bot', 'paused')),
    request           BOOLEAN NOT NULL,
    unread            BIGINT NOT NULL CHECK (unread >= 0),
    last_message_id   BIGINT,                  -- no foreign key: it would be a circle; NULL is never listed
    last_activity_at  BIGINT NOT NULL,
    last_incoming_at  BIGINT,                  -- this and the next two: domain::ledger
    spent             BIGINT NOT NULL CHECK (spent >= 0),
    blocked_at        BIGINT,
    trouble           BOOLEAN NOT NULL,
    read_up_to        BIGINT,
    image_send        BOOLEAN,
    created_at        BIGINT NOT NULL,
    seq               BIGINT NOT NULL,
    UNIQUE (workspace_id, id),
    UNIQUE (account_id, external_id),
    FOREIGN KEY (workspace_id, account_id) REFERENCES account (workspace_id, id),
    FOREIGN KEY (workspace_id, contact_id) REFERENCES contact (workspace_id, id),
    FOREIGN KEY (workspace_id, assignee) REFERENCES member (workspace_id, user_id)
);
CREATE INDEX conversation_newest ON conversation (workspace_id, status, last_activity_at, id);
CREATE INDEX conversation_waiting ON conversation (workspace_id, status, last_incoming_at, id);
CREATE INDEX conversation_external ON conversation (workspace_id, external_id);

CREATE TABLE message (
    id                  BIGINT NOT NULL,
    workspace_id        BIGINT NOT NULL,
    account_id          BIGINT NOT NULL,
    conversation_id     BIGINT NOT NULL,
    direction           TEXT    NOT NULL CHECK (direction IN ('incoming', 'outgoing')),
    author              TEXT    NOT NULL,       -- JSON: domain::message::Author
    content             TEXT    NOT NULL,       -- JSON: domain::content::Content
    external_id         TEXT CHECK (length(external_id) BETWEEN 1 AND 512),
    provisional         BOOLEAN NOT NULL,
    reported            BOOLEAN NOT NULL,
    state               TEXT    NOT NULL CHECK (state IN ('received', 'queued', 'sending', 'sent', 'failed', 'unconfirmed')),
    failure             TEXT,                   -- JSON: domain::failure::Failure
    sent_at             BIGINT NOT NULL,
    created_at          BIGINT NOT NULL,
    quoted_external_id  TEXT,
    idempotency_key     TEXT CHECK (length(idempotency_key) BETWEEN 1 AND 512),
    send_anyway         BOOLEAN NOT NULL,
    next_attempt_at     BIGINT,
    seq                 BIGINT NOT NULL,
    PRIMARY KEY (id, workspace_id),            -- the id first: it alone finds the row
    FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversation (workspace_id, id)
);
CREATE INDEX message_place ON message (conversation_id, sent_at, id);
CREATE INDEX message_chats ON message (workspace_id, sent_at, id);
CREATE UNIQUE INDEX message_external ON message (account_id, external_id) WHERE external_id IS NOT NULL;
CREATE UNIQUE INDEX message_idempotency ON message (conversation_id, idempotency_key) WHERE idempotency_key IS NOT NULL;
CREATE INDEX message_outgoing ON message (conversation_id, sent_at) WHERE direction = 'outgoing';
CREATE INDEX message_pending ON message (conversation_id) WHERE state IN ('queued', 'sending', 'unconfirmed');

CREATE TABLE media (
    id               BIGINT PRIMARY KEY,
    workspace_id     BIGINT NOT NULL REFERENCES workspace (id),
    conversation_id  BIGINT,                   -- NULL for an upload
    message_id       BIGINT,                   -- the message it was received with; NULL for an upload
    origin           TEXT    NOT NULL,          -- JSON: domain::media::MediaOrigin
    state            TEXT    NOT NULL CHECK (state IN ('pending', 'ready', 'failed')),
    mime             TEXT,
    width            BIGINT,
    height           BIGINT,
    size             BIGINT,
    created_at       BIGINT NOT NULL,
    FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversation (workspace_id, id)
);
CREATE INDEX media_message ON media (message_id);

-- Named by the provider's message id, because a reaction may come before its message.
CREATE TABLE reaction (
    workspace_id         BIGINT NOT NULL,
    account_id           BIGINT NOT NULL,
    message_external_id  TEXT    NOT NULL CHECK (length(message_external_id) BETWEEN 1 AND 512),
    reacted_by           TEXT    NOT NULL,
    reaction_key         TEXT    NOT NULL,
    image_url            TEXT,
    by_customer          BOOLEAN NOT NULL,
    added                BOOLEAN NOT NULL,
    reacted_at           BIGINT NOT NULL,
    PRIMARY KEY (account_id, message_external_id, reacted_by, reaction_key),
    FOREIGN KEY (workspace_id, account_id) REFERENCES account (workspace_id, id)
);

CREATE TABLE referral (
    workspace_id     BIGINT NOT NULL,
    conversation_id  BIGINT NOT NULL,
    referred_at      BIGINT NOT NULL,
    detail           TEXT    NOT NULL,          -- JSON: the provider's fields
    PRIMARY KEY (conversation_id, referred_at),
    FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversation (workspace_id, id)
);

-- Raw webhooks. Both ids are NULL for an account that we don't know: kept, never shown.
CREATE TABLE delivery (
    id                   BIGINT PRIMARY KEY,
    workspace_id         BIGINT,
    account_id           BIGINT,
    provider             TEXT    NOT NULL CHECK (provider IN ('official', 'respondio', 'thirdparty')),
    account_external_id  TEXT,
    event                TEXT    NOT NULL,
    body                 BYTEA    NOT NULL,
    digest               BYTEA    NOT NULL CHECK (length(digest) = 16),
    received_at          BIGINT NOT NULL,
    late                 BOOLEAN NOT NULL,
    copies               BIGINT NOT NULL CHECK (copies >= 1),
    unsupported          TEXT,
    UNIQUE (provider, digest),
    FOREIGN KEY (workspace_id, account_id) REFERENCES account (workspace_id, id)
);
CREATE INDEX delivery_workspace ON delivery (workspace_id, id);
CREATE INDEX delivery_unsupported ON delivery (workspace_id, id) WHERE unsupported IS NOT NULL;

-- What the dashboard can learn. Names subjects only, so it repeats no words of a person; no foreign key: subjects may go.
CREATE TABLE event (
    seq              BIGINT PRIMARY KEY,
    workspace_id     BIGINT NOT NULL,
    account_id       BIGINT NOT NULL,
    kind             TEXT    NOT NULL CHECK (kind IN ('message', 'status', 'conversation', 'account', 'removed')),
    conversation_id  BIGINT,
    message_id       BIGINT,
    created_at       BIGINT NOT NULL
);
CREATE INDEX event_workspace ON event (workspace_id, seq);

-- Replies on their way out.

CREATE TABLE outbox (
    message_id       BIGINT PRIMARY KEY,
    workspace_id     BIGINT NOT NULL,
    account_id       BIGINT NOT NULL,
    conversation_id  BIGINT NOT NULL,
    queued_at        BIGINT NOT NULL,
    due_at           BIGINT NOT NULL,
    phase            TEXT    NOT NULL CHECK (phase IN ('send', 'check')),
    attempts         BIGINT NOT NULL CHECK (attempts >= 0),
    lease_token      BIGINT,
    lease_until      BIGINT,
    begun            BOOLEAN NOT NULL,
    CHECK ((lease_token IS NULL) = (lease_until IS NULL)),
    FOREIGN KEY (workspace_id, message_id) REFERENCES message (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX outbox_message ON outbox (workspace_id, message_id);
CREATE INDEX outbox_due ON outbox (due_at);
CREATE INDEX outbox_order ON outbox (conversation_id, queued_at, message_id);
CREATE INDEX outbox_account ON outbox (account_id);

CREATE TABLE attempt (
    id            BIGINT PRIMARY KEY,
    workspace_id  BIGINT NOT NULL,
    message_id    BIGINT NOT NULL,
    token         BIGINT NOT NULL,
    began_at      BIGINT NOT NULL,
    settled_at    BIGINT,
    outcome       TEXT CHECK (outcome IN ('sent', 'retry', 'refused', 'unknown')),
    code          BIGINT,
    UNIQUE (message_id, token),
    FOREIGN KEY (workspace_id, message_id) REFERENCES message (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX attempt_message ON attempt (workspace_id, message_id);

-- Everything else that is to be done. Equal tasks that wait (not leased, not failed) are one.
CREATE TABLE job (
    id            BIGINT PRIMARY KEY,
    workspace_id  BIGINT NOT NULL REFERENCES workspace (id),
    task          TEXT    NOT NULL,             -- JSON: domain::job::Task
    due_at        BIGINT NOT NULL,
    attempts      BIGINT NOT NULL CHECK (attempts >= 0),
    lease_token   BIGINT,
    lease_until   BIGINT,
    failed        BOOLEAN NOT NULL,
    error         TEXT,
    created_at    BIGINT NOT NULL,
    CHECK ((lease_token IS NULL) = (lease_until IS NULL))
);
CREATE UNIQUE INDEX job_waiting ON job (workspace_id, task) WHERE lease_token IS NULL AND NOT failed;
CREATE INDEX job_due ON job (due_at) WHERE NOT failed;

-- Row-level security, forced, so that the owner of the tables is held to it as well. A transaction names its workspace
-- (app.workspace) or is one of the gateway's own (app.system: writer, workers, login). Neither: it sees nothing.

CREATE FUNCTION in_sight(workspace_id BIGINT) RETURNS BOOLEAN LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT current_setting('app.system', true) = 'on'
        OR workspace_id = NULLIF(current_setting('app.workspace', true), '')::bigint
$$;

DO $$
DECLARE
    name TEXT;
BEGIN
    FOREACH name IN ARRAY ARRAY[
        'member', 'session', 'api_key', 'oauth_state', 'account', 'binding', 'token', 'contact', 'conversation', 'message', 'media',
        'reaction', 'referral', 'delivery', 'event', 'outbox', 'attempt', 'job'
    ] LOOP
        EXECUTE format('CREATE POLICY own_workspace ON %I USING (in_sight(workspace_id)) WITH CHECK (in_sight(workspace_id))', name);
    END LOOP;
    FOREACH name IN ARRAY ARRAY[
        'workspace', 'user', 'login_link',
        'member', 'session', 'api_key', 'oauth_state', 'account', 'binding', 'token', 'contact', 'conversation', 'message', 'media',
        'reaction', 'referral', 'delivery', 'event', 'outbox', 'attempt', 'job'
    ] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    END LOOP;
END
$$;
CREATE POLICY own_workspace ON workspace USING (in_sight(id)) WITH CHECK (in_sight(id));
CREATE POLICY own_members ON "user"
    USING (current_setting('app.system', true) = 'on' OR EXISTS (SELECT 1 FROM member WHERE member.user_id = "user".id))
    WITH CHECK (current_setting('app.system', true) = 'on');
CREATE POLICY system_only ON login_link
    USING (current_setting('app.system', true) = 'on') WITH CHECK (current_setting('app.system', true) = 'on');
