-- Two providers for one account (domain::sides): whose name stands in the row of a message or a conversation, the names that other
-- sides give them, and who sends in one conversation. Names of different providers are never compared with one another.

ALTER TABLE account ADD COLUMN both_since BIGINT;

ALTER TABLE message ADD COLUMN provider TEXT NOT NULL DEFAULT 'official' CHECK (provider IN ('official', 'respondio', 'thirdparty'));
UPDATE message m SET provider = b.provider FROM binding b WHERE b.account_id = m.account_id AND b.sends AND b.provider IN ('respondio', 'thirdparty');
DROP INDEX message_external;
CREATE UNIQUE INDEX message_external ON message (account_id, external_id, provider) WHERE external_id IS NOT NULL;

ALTER TABLE conversation ADD COLUMN provider TEXT NOT NULL DEFAULT 'official' CHECK (provider IN ('official', 'respondio', 'thirdparty'));
ALTER TABLE conversation ADD COLUMN sender TEXT CHECK (sender IN ('official', 'respondio', 'thirdparty'));
UPDATE conversation c SET provider = b.provider FROM binding b WHERE b.account_id = c.account_id AND b.sends AND b.provider IN ('respondio', 'thirdparty');
ALTER TABLE conversation DROP CONSTRAINT conversation_account_id_external_id_key;
ALTER TABLE conversation ADD UNIQUE (account_id, external_id, provider);

CREATE TABLE conversation_name (
    workspace_id     BIGINT  NOT NULL,
    account_id       BIGINT  NOT NULL,
    provider         TEXT    NOT NULL CHECK (provider IN ('official', 'respondio', 'thirdparty')),
    external_id      TEXT    NOT NULL CHECK (length(external_id) BETWEEN 1 AND 512),
    conversation_id  BIGINT  NOT NULL,
    guessed          BOOLEAN NOT NULL,
    PRIMARY KEY (account_id, external_id, provider),
    FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversation (workspace_id, id)
);
CREATE INDEX conversation_name_conversation ON conversation_name (workspace_id, conversation_id);

-- Rows only for accounts that two sides tell of.
CREATE TABLE message_name (
    workspace_id  BIGINT  NOT NULL,
    account_id    BIGINT  NOT NULL,
    provider      TEXT    NOT NULL CHECK (provider IN ('official', 'respondio', 'thirdparty')),
    external_id   TEXT    NOT NULL CHECK (length(external_id) BETWEEN 1 AND 512),
    message_id    BIGINT  NOT NULL,
    platform_id   TEXT CHECK (length(platform_id) BETWEEN 1 AND 512),
    told_at       BIGINT  NOT NULL,
    guessed       BOOLEAN NOT NULL,
    PRIMARY KEY (account_id, external_id, provider),
    FOREIGN KEY (workspace_id, message_id) REFERENCES message (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX message_name_message ON message_name (workspace_id, message_id);
CREATE INDEX message_name_platform ON message_name (account_id, platform_id) WHERE platform_id IS NOT NULL;

DO $$
DECLARE
    name TEXT;
BEGIN
    FOREACH name IN ARRAY ARRAY['conversation_name', 'message_name'] LOOP
        EXECUTE format('CREATE POLICY own_workspace ON %I USING (in_sight(workspace_id)) WITH CHECK (in_sight(workspace_id))', name);
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    END LOOP;
END
$$;
