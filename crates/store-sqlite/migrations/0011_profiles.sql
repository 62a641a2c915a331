-- Who an account is, as each of its providers tells it (domain::profile): an account that is one with an identity shows that one's
-- names, and its own again without it.

ALTER TABLE binding ADD COLUMN username TEXT;
ALTER TABLE binding ADD COLUMN display_name TEXT;
ALTER TABLE binding ADD COLUMN avatar_url TEXT;
UPDATE binding SET username = a.username, display_name = a.display_name, avatar_url = a.avatar_url
    FROM account a WHERE a.workspace_id = binding.workspace_id AND a.id = binding.account_id AND binding.sends = 1;
