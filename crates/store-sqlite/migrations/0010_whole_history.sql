-- The whole history of a Respond.io workspace (domain::space::WholeHistory): when it was asked for, since when every contact there is has
-- been found, and how far back each was read.
ALTER TABLE respondio_space ADD COLUMN history_asked_at INTEGER;
ALTER TABLE respondio_space ADD COLUMN history_listed_at INTEGER;

-- Marks from before know nothing of it: they are read back from the newest page on.
ALTER TABLE respondio_mark ADD COLUMN back_cursor TEXT;
ALTER TABLE respondio_mark ADD COLUMN whole INTEGER NOT NULL DEFAULT 0 CHECK (whole IN (0, 1));
CREATE INDEX respondio_mark_back ON respondio_mark (space_id, contact_id) WHERE whole = 0;
