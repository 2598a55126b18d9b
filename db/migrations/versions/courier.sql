-- The courier's pace, and what members want to be written about.

ALTER TABLE outbox ADD COLUMN topic TEXT NOT NULL DEFAULT '';

-- 0: never
ALTER TABLE outbox ADD COLUMN expires_at {int} NOT NULL DEFAULT 0;

-- Who goes first: 0 replies, 1 notices, 2 pushes about one's own matters, 3 all others. Within a chat and rank, order is kept.
ALTER TABLE outbox ADD COLUMN rank {int} NOT NULL DEFAULT 0;

-- When a promotion was put on the wire; 0 if it surely has not been sent.
ALTER TABLE outbox ADD COLUMN tried_at {int} NOT NULL DEFAULT 0;

UPDATE outbox SET rank = CASE kind WHEN 'reply' THEN 0 WHEN 'notice' THEN 1 ELSE 3 END;

-- From now on due_at is when anybody may take a message, so that it alone has to be looked at: also the end of a lease.
UPDATE outbox SET due_at = lease_until WHERE state = 'queued' AND lease_until > due_at;

DROP INDEX outbox_waiting;

CREATE INDEX outbox_waiting ON outbox (chat_id, rank, id) WHERE state = 'queued';

CREATE INDEX outbox_due ON outbox (rank, due_at, id) WHERE state = 'queued';

CREATE INDEX outbox_said ON outbox (chat_id, sent_at) WHERE state <> 'queued';

CREATE INDEX outbox_keyed ON outbox (sent_at) WHERE state <> 'queued' AND dedup_key IS NOT NULL;

ALTER TABLE person ADD COLUMN frequency TEXT NOT NULL DEFAULT 'each'
    CONSTRAINT person_frequency_known CHECK (frequency IN ('each', 'weekly', 'own', 'none'));

-- Topics a person chose about; whoever has no row for one wants it.
CREATE TABLE topic_choice (
    user_id {int} NOT NULL,
    topic TEXT NOT NULL,
    wanted {int} NOT NULL,
    chosen_at {int} NOT NULL,
    CONSTRAINT topic_choice_pk PRIMARY KEY (user_id, topic)
){strict};

-- One row: when the next message of all processes may go, in epoch microseconds.
CREATE TABLE pace (
    id {int} NOT NULL CONSTRAINT pace_pk PRIMARY KEY CONSTRAINT pace_is_one_row CHECK (id = 1),
    free_at {int} NOT NULL
){strict};

-- The quiet that Telegram asked for.
CREATE TABLE flood_wait (
    id {id},
    began_at {int} NOT NULL,
    ends_at {int} NOT NULL
){strict};

CREATE INDEX flood_wait_ends ON flood_wait (ends_at);
