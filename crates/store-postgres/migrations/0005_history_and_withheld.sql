-- What was said before an account was connected (domain::history), and messages that TikTok does not tell (domain::withheld).

ALTER TABLE message ADD COLUMN filed BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE job ADD COLUMN later BOOLEAN NOT NULL DEFAULT false;

CREATE TABLE history (
    account_id    BIGINT PRIMARY KEY,
    workspace_id  BIGINT NOT NULL,
    state         TEXT    NOT NULL CHECK (state IN ('filing', 'filed', 'failed')),
    reason        TEXT,
    begun_at      BIGINT NOT NULL,
    settled_at    BIGINT,
    FOREIGN KEY (workspace_id, account_id) REFERENCES account (workspace_id, id)
);

-- Listed and not filed yet. What could not be read stays, with the reason, until the lists are read again.
CREATE TABLE expected_conversation (
    workspace_id  BIGINT NOT NULL,
    account_id    BIGINT NOT NULL,
    external_id   TEXT    NOT NULL CHECK (length(external_id) BETWEEN 1 AND 512),
    request       BOOLEAN NOT NULL,
    moved_at      BIGINT  NOT NULL,
    referrals     TEXT    NOT NULL,             -- JSON list: domain::referral::Referral
    failure       TEXT,
    PRIMARY KEY (account_id, external_id),
    FOREIGN KEY (workspace_id, account_id) REFERENCES account (workspace_id, id)
);

CREATE TABLE withheld_message (
    id               BIGINT PRIMARY KEY,
    workspace_id     BIGINT NOT NULL,
    account_id       BIGINT NOT NULL,
    said_at          BIGINT NOT NULL,
    state            TEXT    NOT NULL CHECK (state IN ('looking', 'found', 'ambiguous', 'not_found')),
    conversation_id  BIGINT,
    candidates       TEXT    NOT NULL,          -- JSON list of conversation ids
    settled_at       BIGINT,
    UNIQUE (account_id, said_at),
    FOREIGN KEY (workspace_id, account_id) REFERENCES account (workspace_id, id),
    FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversation (workspace_id, id)
);
CREATE INDEX withheld_message_account ON withheld_message (account_id, id);

DO $$
DECLARE
    name TEXT;
BEGIN
    FOREACH name IN ARRAY ARRAY['history', 'expected_conversation', 'withheld_message'] LOOP
        EXECUTE format('CREATE POLICY own_workspace ON %I USING (in_sight(workspace_id)) WITH CHECK (in_sight(workspace_id))', name);
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    END LOOP;
END
$$;
