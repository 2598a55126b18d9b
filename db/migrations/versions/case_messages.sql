-- Which case a message is about, so that a reply to it goes there; 0: about none. to_member: whether staff's reply to it
-- is meant for the member.
ALTER TABLE outbox ADD COLUMN case_id {int} NOT NULL DEFAULT 0;

ALTER TABLE outbox ADD COLUMN to_member {int} NOT NULL DEFAULT 0;

CREATE INDEX outbox_of_case ON outbox (chat_id, message_id) WHERE case_id <> 0;

CREATE INDEX outbox_in_chat ON outbox (chat_id, case_id, message_id) WHERE case_id <> 0;
