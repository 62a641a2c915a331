-- A person's Login Kit identity beside the binding that carries their messages: what was granted and its tokens belong to a
-- binding, not to an account.

-- Forced row-level security holds for migrations too: this one speaks for every workspace.
DO $$ BEGIN PERFORM set_config('app.system', 'on', true); END $$;

ALTER TABLE binding DROP CONSTRAINT binding_provider_check;
ALTER TABLE binding ADD CONSTRAINT binding_provider_check CHECK (provider IN ('official', 'respondio', 'thirdparty', 'login'));
ALTER TABLE binding ADD COLUMN scopes TEXT;                 -- JSON list
ALTER TABLE binding ADD COLUMN trouble TEXT;                -- why the authorization is over, of one that does not send
ALTER TABLE binding ADD COLUMN connected_at BIGINT;
UPDATE binding b SET scopes = a.scopes, connected_at = a.connected_at
    FROM account a WHERE a.workspace_id = b.workspace_id AND a.id = b.account_id;
ALTER TABLE binding ALTER COLUMN scopes SET NOT NULL;
ALTER TABLE binding ALTER COLUMN connected_at SET NOT NULL;
ALTER TABLE binding ADD CONSTRAINT binding_own UNIQUE (workspace_id, id);
CREATE UNIQUE INDEX binding_provider ON binding (account_id, provider);

ALTER TABLE token ADD COLUMN binding_id BIGINT;
UPDATE token t SET binding_id = b.id FROM binding b
    WHERE b.workspace_id = t.workspace_id AND b.account_id = t.account_id AND b.sends;
ALTER TABLE token DROP COLUMN account_id;
ALTER TABLE token ADD PRIMARY KEY (binding_id);
ALTER TABLE token ADD CONSTRAINT token_binding
    FOREIGN KEY (workspace_id, binding_id) REFERENCES binding (workspace_id, id) ON DELETE CASCADE;

ALTER TABLE account DROP COLUMN scopes;
-- An account that became part of another one: its row stays without a binding, so that nothing shows it.
ALTER TABLE account ADD COLUMN merged_into BIGINT;

-- Two accounts that a person has told apart: nobody is asked again. The smaller id comes first.
CREATE TABLE apart (
    workspace_id  BIGINT NOT NULL,
    account_id    BIGINT NOT NULL,
    other_id      BIGINT NOT NULL,
    PRIMARY KEY (account_id, other_id),
    FOREIGN KEY (workspace_id, account_id) REFERENCES account (workspace_id, id),
    FOREIGN KEY (workspace_id, other_id) REFERENCES account (workspace_id, id)
);
CREATE INDEX apart_workspace ON apart (workspace_id);
CREATE POLICY own_workspace ON apart USING (in_sight(workspace_id)) WITH CHECK (in_sight(workspace_id));
ALTER TABLE apart ENABLE ROW LEVEL SECURITY;
ALTER TABLE apart FORCE ROW LEVEL SECURITY;

ALTER TABLE delivery DROP CONSTRAINT delivery_provider_check;
ALTER TABLE delivery ADD CONSTRAINT delivery_provider_check CHECK (provider IN ('official', 'respondio', 'thirdparty', 'login'));
CREATE INDEX delivery_identity ON delivery (account_id) WHERE provider = 'login';

-- They name an account where a binding is wanted by now; the sweep asks again within a minute.
DELETE FROM job WHERE task LIKE '%"refresh_tokens"%';
