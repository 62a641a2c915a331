-- Workspaces of Respond.io (domain::space): a sealed token each, the accounts that hang on them, and how far each contact was read.
CREATE TABLE respondio_space (
    id            INTEGER PRIMARY KEY,
    workspace_id  INTEGER NOT NULL REFERENCES workspace (id),
    token         BLOB    NOT NULL,
    channels      TEXT    NOT NULL,              -- JSON: list of domain::space::SpaceChannel
    state         TEXT    NOT NULL CHECK (state IN ('active', 'refused')),
    reason        TEXT,
    pushed_at     INTEGER,
    created_at    INTEGER NOT NULL,
    lease_token   INTEGER,
    lease_until   INTEGER,
    UNIQUE (workspace_id, id)
) STRICT;

CREATE TABLE respondio_account (
    account_id    INTEGER PRIMARY KEY,
    workspace_id  INTEGER NOT NULL,
    space_id      INTEGER NOT NULL,
    FOREIGN KEY (workspace_id, account_id) REFERENCES account (workspace_id, id),
    FOREIGN KEY (workspace_id, space_id) REFERENCES respondio_space (workspace_id, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX respondio_account_space ON respondio_account (workspace_id, space_id);

CREATE TABLE respondio_mark (
    space_id      INTEGER NOT NULL,
    contact_id    INTEGER NOT NULL,              -- Respond.io's
    workspace_id  INTEGER NOT NULL,
    up_to         INTEGER NOT NULL,              -- Respond.io's message id: microseconds
    pending       INTEGER,
    ours          INTEGER NOT NULL CHECK (ours IN (0, 1)),
    PRIMARY KEY (space_id, contact_id),
    FOREIGN KEY (workspace_id, space_id) REFERENCES respondio_space (workspace_id, id) ON DELETE CASCADE
) STRICT;

-- Contacts are known by Respond.io's ids too. A CHECK can't be changed in place, so the table is made anew.
CREATE TABLE contact_new (
    id            INTEGER PRIMARY KEY,
    workspace_id  INTEGER NOT NULL REFERENCES workspace (id),
    channel       TEXT    NOT NULL CHECK (channel IN ('tiktok', 'respondio', 'thirdparty')),
    external_id   TEXT    NOT NULL CHECK (length(external_id) BETWEEN 1 AND 512),
    username      TEXT,
    display_name  TEXT,
    avatar_url    TEXT,
    is_follower   INTEGER CHECK (is_follower IN (0, 1)),
    created_at    INTEGER NOT NULL,
    UNIQUE (workspace_id, id),
    UNIQUE (workspace_id, channel, external_id)
) STRICT;
INSERT INTO contact_new (id, workspace_id, channel, external_id, username, display_name, avatar_url, is_follower, created_at)
    SELECT id, workspace_id, channel, external_id, username, display_name, avatar_url, is_follower, created_at FROM contact;
DROP TABLE contact;
ALTER TABLE contact_new RENAME TO contact;
