-- Contacts of a Respond.io workspace that could not be read (domain::space::Unreadable): for the first time, where they have no mark, or back.
CREATE TABLE respondio_unreadable (
    space_id      BIGINT NOT NULL,
    contact_id    BIGINT NOT NULL,              -- Respond.io's
    workspace_id  BIGINT NOT NULL,
    problem       TEXT   NOT NULL,              -- JSON: domain::space::ReadProblem
    since         BIGINT NOT NULL,
    failed_at     BIGINT NOT NULL,              -- the last time
    PRIMARY KEY (space_id, contact_id),
    FOREIGN KEY (workspace_id, space_id) REFERENCES respondio_space (workspace_id, id) ON DELETE CASCADE
);
CREATE POLICY own_workspace ON respondio_unreadable USING (in_sight(workspace_id)) WITH CHECK (in_sight(workspace_id));
ALTER TABLE respondio_unreadable ENABLE ROW LEVEL SECURITY;
ALTER TABLE respondio_unreadable FORCE ROW LEVEL SECURITY;
