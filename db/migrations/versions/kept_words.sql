-- kept: what was said in it becomes a case if nothing follows for long enough.
ALTER TABLE dialogue ADD COLUMN kept {int} NOT NULL DEFAULT 0;

CREATE INDEX dialogue_kept ON dialogue (user_id) WHERE kept = 1;
