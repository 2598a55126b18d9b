-- Telegram groups of staff in which cases are shown; store_id 0: those of the whole chain. topic_id 0: no topic.
-- gone_at: when the bot could not write there any more, 0 while it can.
CREATE TABLE staff_group (
    chat_id {int} NOT NULL CONSTRAINT staff_group_pk PRIMARY KEY,
    store_id {int} NOT NULL,
    topic_id {int} NOT NULL DEFAULT 0,
    title TEXT NOT NULL,
    added_by {int} NOT NULL,
    added_at {int} NOT NULL,
    gone_at {int} NOT NULL DEFAULT 0
){strict};
