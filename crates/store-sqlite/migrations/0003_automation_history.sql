-- What came in about automatic messages is rare among messages, and read per account: the history of each of them.
CREATE INDEX delivery_automation ON delivery (account_id, id)
    WHERE event IN ('im_auto_message_config_update', 'im_auto_message_audit_update');
