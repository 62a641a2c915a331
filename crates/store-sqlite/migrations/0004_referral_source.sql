-- Referrals named by their source (domain::referral), so that all conversations from one ad or link are found. The time is in
-- whole seconds, an ad's own where it told one: one click is one row, whether the webhook or the list tells of it.

CREATE TABLE referral_new (
    workspace_id     INTEGER NOT NULL,
    conversation_id  INTEGER NOT NULL,
    source_key       TEXT    NOT NULL CHECK (length(source_key) BETWEEN 1 AND 512),
    referred_at      INTEGER NOT NULL,
    dated            INTEGER NOT NULL CHECK (dated IN (0, 1)),
    detail           TEXT    NOT NULL,          -- JSON: the provider's fields
    PRIMARY KEY (conversation_id, source_key, referred_at),
    FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversation (workspace_id, id)
) STRICT;
INSERT INTO referral_new
SELECT workspace_id, conversation_id,
    substr(CASE detail ->> '$.source'
        WHEN 'ad' THEN 'ad:' || coalesce(detail ->> '$.ad.ad_id', '')
        WHEN 'short_link' THEN 'link:' || coalesce(detail ->> '$.short_link.ref', '')
        ELSE 'other:' || coalesce(detail ->> '$.source', '') END, 1, 512),
    coalesce(detail ->> '$.ad.timestamp_ms', referred_at) / 1000 * 1000, 1, detail
FROM referral WHERE true
ON CONFLICT (conversation_id, source_key, referred_at) DO NOTHING;
DROP TABLE referral;
ALTER TABLE referral_new RENAME TO referral;
CREATE INDEX referral_source ON referral (workspace_id, source_key, conversation_id);
CREATE INDEX conversation_contact ON conversation (workspace_id, contact_id);
