-- What fell due, and how far it got.

-- One row for each due time of a job: due_local is 'YYYY-MM-DDTHH:MM' in the charter's time zone, so that a change of
-- clocks or of the zone brings no time twice. by_user: who started it by hand, 0 for the clock.
CREATE TABLE job_run (
    id {id},
    job TEXT NOT NULL,
    due_local TEXT NOT NULL,
    due_at {int} NOT NULL,
    state TEXT NOT NULL DEFAULT 'waiting'
        CONSTRAINT job_run_state_known CHECK (state IN ('waiting', 'done', 'skipped', 'failed')),
    cursor TEXT NOT NULL DEFAULT '',
    looked_at {int} NOT NULL DEFAULT 0,
    reached {int} NOT NULL DEFAULT 0,
    attempts {int} NOT NULL DEFAULT 0,
    error TEXT NOT NULL DEFAULT '',
    by_user {int} NOT NULL DEFAULT 0,
    holder {int} NOT NULL DEFAULT 0,
    lease_until {int} NOT NULL DEFAULT 0,
    queued_at {int} NOT NULL,
    ended_at {int} NOT NULL DEFAULT 0,
    CONSTRAINT job_run_due_once UNIQUE (job, due_local)
){strict};

CREATE INDEX job_run_waiting ON job_run (due_at) WHERE state = 'waiting';
