-- Workspaces of Respond.io (domain::space): a sealed token each, the accounts that hang on them, and how far each contact was read.
CREATE TABLE respondio_space (
    id            BIGINT PRIMARY KEY,
    workspace_id  BIGINT NOT NULL REFERENCES workspace (id),
    token         BYTEA  NOT NULL,
    channels      TEXT   NOT NULL,               -- JSON: list of domain::space::SpaceChannel
    state         TEXT   NOT NULL CHECK (state IN ('active', 'refused')),
    reason        TEXT,
    pushed_at     BIGINT,
    created_at    BIGINT NOT NULL,
    lease_token   BIGINT,
    lease_until   BIGINT,
    UNIQUE (workspace_id, id)
);

CREATE TABLE respondio_account (
    account_id    BIGINT PRIMARY KEY,
    workspace_id  BIGINT NOT NULL,
    space_id      BIGINT NOT NULL,
    FOREIGN KEY (workspace_id, account_id) REFERENCES account (workspace_id, id),
    FOREIGN KEY (workspace_id, space_id) REFERENCES respondio_space (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX respondio_account_space ON respondio_account (workspace_id, space_id);

CREATE TABLE respondio_mark (
    space_id      BIGINT  NOT NULL,
    contact_id    BIGINT  NOT NULL,              -- Respond.io's
    workspace_id  BIGINT  NOT NULL,
    up_to         BIGINT  NOT NULL,              -- Respond.io's message id: microseconds
    pending       BIGINT,
    ours          BOOLEAN NOT NULL,
    PRIMARY KEY (space_id, contact_id),
    FOREIGN KEY (workspace_id, space_id) REFERENCES respondio_space (workspace_id, id) ON DELETE CASCADE
);

DO $$
DECLARE name TEXT;
BEGIN
    FOREACH name IN ARRAY ARRAY['respondio_space', 'respondio_account', 'respondio_mark'] LOOP
        EXECUTE format('CREATE POLICY own_workspace ON %I USING (in_sight(workspace_id)) WITH CHECK (in_sight(workspace_id))', name);
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    END LOOP;
END $$;

-- Contacts are known by Respond.io's ids too.
ALTER TABLE contact DROP CONSTRAINT contact_channel_check;
ALTER TABLE contact ADD CONSTRAINT contact_channel_check CHECK (channel IN ('tiktok', 'respondio', 'thirdparty'));
