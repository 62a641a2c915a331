-- The second reading of TikTok's rules (domain::ledger), and messages of low priority that wait in nobody's way (domain::outbox).

ALTER TABLE account DROP CONSTRAINT account_rule_set_check;
ALTER TABLE account ADD CONSTRAINT account_rule_set_check CHECK (rule_set IN ('strict', 'guide', 'unlimited'));

ALTER TABLE conversation ADD COLUMN first_outgoing_at BIGINT;
ALTER TABLE conversation ADD COLUMN spent_in_grace BIGINT NOT NULL DEFAULT 0 CHECK (spent_in_grace >= 0);

-- Forced row-level security holds for migrations too: this one speaks for every workspace.
DO $$ BEGIN PERFORM set_config('app.system', 'on', true); END $$;
UPDATE conversation SET first_outgoing_at = (SELECT min(m.sent_at) FROM message m
    WHERE m.conversation_id = conversation.id AND m.direction = 'outgoing' AND m.reported);

ALTER TABLE message ADD COLUMN priority TEXT NOT NULL DEFAULT 'normal' CHECK (priority IN ('normal', 'low'));

ALTER TABLE outbox DROP CONSTRAINT outbox_phase_check;
ALTER TABLE outbox ADD CONSTRAINT outbox_phase_check CHECK (phase IN ('send', 'check', 'hold'));
DROP INDEX outbox_order;
CREATE INDEX outbox_order ON outbox (conversation_id, queued_at, message_id) WHERE phase <> 'hold';
CREATE INDEX outbox_conversation ON outbox (conversation_id);
