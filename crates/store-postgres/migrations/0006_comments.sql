-- Comments that TikTok's classifier flagged, and the one direct message that may answer each (domain::comment).
CREATE TABLE comment (
    id                   BIGINT PRIMARY KEY,
    workspace_id         BIGINT NOT NULL,
    account_id           BIGINT NOT NULL,
    contact_id           BIGINT NOT NULL,
    external_id          TEXT    NOT NULL CHECK (length(external_id) BETWEEN 1 AND 512),
    text                 TEXT,
    commented_at         BIGINT NOT NULL,
    state                TEXT    NOT NULL CHECK (state IN ('open', 'answering', 'answered', 'failed', 'unconfirmed')),
    answer               TEXT,                  -- JSON: domain::comment::Answer
    message_external_id  TEXT CHECK (length(message_external_id) BETWEEN 1 AND 512),
    created_at           BIGINT NOT NULL,
    seq                  BIGINT NOT NULL,
    CHECK ((state = 'open') = (answer IS NULL)),
    UNIQUE (account_id, external_id),
    FOREIGN KEY (workspace_id, account_id) REFERENCES account (workspace_id, id),
    FOREIGN KEY (workspace_id, contact_id) REFERENCES contact (workspace_id, id)
);
CREATE INDEX comment_newest ON comment (workspace_id, commented_at, id);
CREATE INDEX comment_contact ON comment (workspace_id, contact_id);
CREATE INDEX comment_message ON comment (account_id, message_external_id) WHERE message_external_id IS NOT NULL;

CREATE POLICY own_workspace ON comment USING (in_sight(workspace_id)) WITH CHECK (in_sight(workspace_id));
ALTER TABLE comment ENABLE ROW LEVEL SECURITY;
ALTER TABLE comment FORCE ROW LEVEL SECURITY;

-- Events name comments too.
ALTER TABLE event DROP CONSTRAINT event_kind_check;
ALTER TABLE event ADD CONSTRAINT event_kind_check
    CHECK (kind IN ('message', 'status', 'conversation', 'account', 'removed', 'comment'));
ALTER TABLE event ADD COLUMN comment_id BIGINT;
