-- The courier's pace, and what members want to be written about.

ALTER TABLE outbox ADD COLUMN topic TEXT NOT NULL DEFAULT '';

-- 0: never
ALTER TABLE outbox ADD COLUMN expires_at {int} NOT NULL DEFAULT 0;

ALTER TABLE person ADD COLUMN frequency TEXT NOT NULL DEFAULT 'each'
    CONSTRAINT person_frequency_known CHECK (frequency IN ('each', 'weekly', 'own', 'none'));
