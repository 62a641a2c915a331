-- What was said before an account was connected (domain::history), and messages that TikTok does not tell (domain::withheld).

ALTER TABLE message ADD COLUMN filed INTEGER NOT NULL DEFAULT 0 CHECK (filed IN (0, 1));
ALTER TABLE job ADD COLUMN later INTEGER NOT NULL DEFAULT 0 CHECK (later IN (0, 1));

CREATE TABLE history (
    account_id    INTEGER PRIMARY KEY,
    workspace_id  INTEGER NOT NULL,
    state         TEXT    NOT NULL CHECK (state IN ('filing', 'filed', 'failed')),
    reason        TEXT,
    begun_at      INTEGER NOT NULL,
    settled_at    INTEGER,
    FOREIGN KEY (workspace_id, account_id) REFERENCES account (workspace_id, id)
) STRICT;

-- Listed and not filed yet. What could not be read stays, with the reason, until the lists are read again.
CREATE TABLE expected_conversation (
    workspace_id  INTEGER NOT NULL,
    account_id    INTEGER NOT NULL,
    external_id   TEXT    NOT NULL CHECK (length(external_id) BETWEEN 1 AND 512),
    request       INTEGER NOT NULL CHECK (request IN (0, 1)),
    moved_at      INTEGER NOT NULL,
    referrals     TEXT    NOT NULL,             -- JSON list: domain::referral::Referral
    failure       TEXT,
    PRIMARY KEY (account_id, external_id),
    FOREIGN KEY (workspace_id, account_id) REFERENCES account (workspace_id, id)
) STRICT;

CREATE TABLE withheld_message (
    id               INTEGER PRIMARY KEY,
    workspace_id     INTEGER NOT NULL,
    account_id       INTEGER NOT NULL,
    said_at          INTEGER NOT NULL,
    state            TEXT    NOT NULL CHECK (state IN ('looking', 'found', 'ambiguous', 'not_found')),
    conversation_id  INTEGER,
    candidates       TEXT    NOT NULL,          -- JSON list of conversation ids
    settled_at       INTEGER,
    UNIQUE (account_id, said_at),
    FOREIGN KEY (workspace_id, account_id) REFERENCES account (workspace_id, id),
    FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversation (workspace_id, id)
) STRICT;
CREATE INDEX withheld_message_account ON withheld_message (account_id, id);
