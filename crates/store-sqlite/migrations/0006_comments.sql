-- Comments that TikTok's classifier flagged, and the one direct message that may answer each (domain::comment).
CREATE TABLE comment (
    id                   INTEGER PRIMARY KEY,
    workspace_id         INTEGER NOT NULL,
    account_id           INTEGER NOT NULL,
    contact_id           INTEGER NOT NULL,
    external_id          TEXT    NOT NULL CHECK (length(external_id) BETWEEN 1 AND 512),
    text                 TEXT,
    commented_at         INTEGER NOT NULL,
    state                TEXT    NOT NULL CHECK (state IN ('open', 'answering', 'answered', 'failed', 'unconfirmed')),
    answer               TEXT,                  -- JSON: domain::comment::Answer
    message_external_id  TEXT CHECK (length(message_external_id) BETWEEN 1 AND 512),
    created_at           INTEGER NOT NULL,
    seq                  INTEGER NOT NULL,
    CHECK ((state = 'open') = (answer IS NULL)),
    UNIQUE (account_id, external_id),
    FOREIGN KEY (workspace_id, account_id) REFERENCES account (workspace_id, id),
    FOREIGN KEY (workspace_id, contact_id) REFERENCES contact (workspace_id, id)
) STRICT;
CREATE INDEX comment_newest ON comment (workspace_id, commented_at, id);
CREATE INDEX comment_contact ON comment (workspace_id, contact_id);
CREATE INDEX comment_message ON comment (account_id, message_external_id) WHERE message_external_id IS NOT NULL;

-- Events name comments too. A CHECK can't be changed in place, so the table is made anew.
CREATE TABLE event_new (
    seq              INTEGER PRIMARY KEY,
    workspace_id     INTEGER NOT NULL,
    account_id       INTEGER NOT NULL,
    kind             TEXT    NOT NULL CHECK (kind IN ('message', 'status', 'conversation', 'account', 'removed', 'comment')),
    conversation_id  INTEGER,
    message_id       INTEGER,
    created_at       INTEGER NOT NULL,
    comment_id       INTEGER
) STRICT;
INSERT INTO event_new (seq, workspace_id, account_id, kind, conversation_id, message_id, created_at)
    SELECT seq, workspace_id, account_id, kind, conversation_id, message_id, created_at FROM event;
DROP TABLE event;
ALTER TABLE event_new RENAME TO event;
CREATE INDEX event_workspace ON event (workspace_id, seq);
