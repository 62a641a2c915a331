-- A person's Login Kit identity beside the binding that carries their messages: what was granted and its tokens belong to a
-- binding, not to an account. A CHECK can't be changed in place, so the tables that name the providers are made anew.

CREATE TABLE binding_new (
    id            INTEGER PRIMARY KEY,
    workspace_id  INTEGER NOT NULL,
    account_id    INTEGER NOT NULL,
    provider      TEXT    NOT NULL CHECK (provider IN ('official', 'respondio', 'thirdparty', 'login')),
    external_id   TEXT    NOT NULL CHECK (length(external_id) BETWEEN 1 AND 512),
    sends         INTEGER NOT NULL CHECK (sends IN (0, 1)),
    scopes        TEXT    NOT NULL,         -- JSON list
    trouble       TEXT,                     -- why the authorization is over, of one that does not send
    connected_at  INTEGER NOT NULL,
    UNIQUE (workspace_id, id),
    UNIQUE (provider, external_id),
    FOREIGN KEY (workspace_id, account_id) REFERENCES account (workspace_id, id)
) STRICT;
INSERT INTO binding_new (id, workspace_id, account_id, provider, external_id, sends, scopes, trouble, connected_at)
    SELECT b.id, b.workspace_id, b.account_id, b.provider, b.external_id, b.sends, a.scopes, NULL, a.connected_at
    FROM binding b JOIN account a ON a.workspace_id = b.workspace_id AND a.id = b.account_id;

CREATE TABLE token_new (
    binding_id          INTEGER PRIMARY KEY,
    workspace_id        INTEGER NOT NULL,
    access              BLOB    NOT NULL,
    refresh             BLOB    NOT NULL,
    access_expires_at   INTEGER NOT NULL,
    refresh_expires_at  INTEGER NOT NULL,
    version             INTEGER NOT NULL,
    FOREIGN KEY (workspace_id, binding_id) REFERENCES binding (workspace_id, id) ON DELETE CASCADE
) STRICT;
INSERT INTO token_new (binding_id, workspace_id, access, refresh, access_expires_at, refresh_expires_at, version)
    SELECT b.id, t.workspace_id, t.access, t.refresh, t.access_expires_at, t.refresh_expires_at, t.version
    FROM token t JOIN binding b ON b.workspace_id = t.workspace_id AND b.account_id = t.account_id AND b.sends = 1;

DROP TABLE token;
DROP TABLE binding;
ALTER TABLE binding_new RENAME TO binding;
ALTER TABLE token_new RENAME TO token;
CREATE INDEX binding_account ON binding (workspace_id, account_id);
CREATE UNIQUE INDEX binding_sends ON binding (account_id) WHERE sends = 1;
CREATE UNIQUE INDEX binding_provider ON binding (account_id, provider);
CREATE INDEX token_ends ON token (access_expires_at);

ALTER TABLE account DROP COLUMN scopes;
-- An account that became part of another one: its row stays without a binding, so that nothing shows it.
ALTER TABLE account ADD COLUMN merged_into INTEGER;

-- Two accounts that a person has told apart: nobody is asked again. The smaller id comes first.
CREATE TABLE apart (
    workspace_id  INTEGER NOT NULL,
    account_id    INTEGER NOT NULL,
    other_id      INTEGER NOT NULL,
    PRIMARY KEY (account_id, other_id),
    FOREIGN KEY (workspace_id, account_id) REFERENCES account (workspace_id, id),
    FOREIGN KEY (workspace_id, other_id) REFERENCES account (workspace_id, id)
) STRICT;
CREATE INDEX apart_workspace ON apart (workspace_id);

CREATE TABLE delivery_new (
    id                   INTEGER PRIMARY KEY,
    workspace_id         INTEGER,
    account_id           INTEGER,
    provider             TEXT    NOT NULL CHECK (provider IN ('official', 'respondio', 'thirdparty', 'login')),
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
INSERT INTO delivery_new SELECT id, workspace_id, account_id, provider, account_external_id, event, body, digest, received_at, late,
    copies, unsupported FROM delivery;
DROP TABLE delivery;
ALTER TABLE delivery_new RENAME TO delivery;
CREATE INDEX delivery_workspace ON delivery (workspace_id, id);
CREATE INDEX delivery_unsupported ON delivery (workspace_id, id) WHERE unsupported IS NOT NULL;
CREATE INDEX delivery_automation ON delivery (account_id, id)
    WHERE event IN ('im_auto_message_config_update', 'im_auto_message_audit_update');
CREATE INDEX delivery_identity ON delivery (account_id) WHERE provider = 'login';

-- They name an account where a binding is wanted by now; the sweep asks again within a minute.
DELETE FROM job WHERE task LIKE '%"refresh_tokens"%';
