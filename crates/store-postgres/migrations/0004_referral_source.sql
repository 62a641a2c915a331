-- Referrals named by their source (domain::referral), so that all conversations from one ad or link are found. The time is in
-- whole seconds, an ad's own where it told one: one click is one row, whether the webhook or the list tells of it.

CREATE TABLE referral_new (
    workspace_id     BIGINT  NOT NULL,
    conversation_id  BIGINT  NOT NULL,
    source_key       TEXT    NOT NULL CHECK (length(source_key) BETWEEN 1 AND 512),
    referred_at      BIGINT  NOT NULL,
    dated            BOOLEAN NOT NULL,
    detail           TEXT    NOT NULL,          -- JSON: the provider's fields
    PRIMARY KEY (conversation_id, source_key, referred_at),
    FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversation (workspace_id, id)
);
CREATE POLICY own_workspace ON referral_new USING (in_sight(workspace_id)) WITH CHECK (in_sight(workspace_id));
ALTER TABLE referral_new ENABLE ROW LEVEL SECURITY;
ALTER TABLE referral_new FORCE ROW LEVEL SECURITY;

-- Forced row-level security holds for migrations too: this one speaks for every workspace.
DO $$ BEGIN PERFORM set_config('app.system', 'on', true); END $$;
INSERT INTO referral_new
SELECT workspace_id, conversation_id,
    substr(CASE told ->> 'source'
        WHEN 'ad' THEN 'ad:' || coalesce(told #>> '{ad,ad_id}', '')
        WHEN 'short_link' THEN 'link:' || coalesce(told #>> '{short_link,ref}', '')
        ELSE 'other:' || coalesce(told ->> 'source', '') END, 1, 512),
    coalesce((told #>> '{ad,timestamp_ms}')::bigint, referred_at) / 1000 * 1000, true, detail
-- A text can't hold a zero byte, which JSON can.
FROM (SELECT *, replace(detail, '\u0000', '\ufffd')::json AS told FROM referral) r
ON CONFLICT (conversation_id, source_key, referred_at) DO NOTHING;
DROP TABLE referral;
ALTER TABLE referral_new RENAME TO referral;
ALTER TABLE referral RENAME CONSTRAINT referral_new_pkey TO referral_pkey;
CREATE INDEX referral_source ON referral (workspace_id, source_key, conversation_id);
CREATE INDEX conversation_contact ON conversation (workspace_id, contact_id);
