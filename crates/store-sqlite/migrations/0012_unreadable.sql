-- Contacts of a Respond.io workspace that could not be read (domain::space::Unreadable): for the first time, where they have no mark, or back.
CREATE TABLE respondio_unreadable (
    space_id      INTEGER NOT NULL,
    contact_id    INTEGER NOT NULL,              -- Respond.io's
    workspace_id  INTEGER NOT NULL,
    problem       TEXT    NOT NULL,              -- JSON: domain::space::ReadProblem
    since         INTEGER NOT NULL,
    failed_at     INTEGER NOT NULL,              -- the last time
    PRIMARY KEY (space_id, contact_id),
    FOREIGN KEY (workspace_id, space_id) REFERENCES respondio_space (workspace_id, id) ON DELETE CASCADE
) STRICT;
