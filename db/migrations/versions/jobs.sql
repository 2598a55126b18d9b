-- What fell due, and how far it got.

-- Up to where each job's due times have been looked at: 'YYYY-MM-DDTHH:MM' on the chain's wall clock, which is what
-- makes a due time one.
CREATE TABLE job_clock (
    job TEXT NOT NULL,
    seen_local TEXT NOT NULL,
    CONSTRAINT job_clock_pk PRIMARY KEY (job)
){strict};

-- One row for each due time of a job that is to be worked on; one for all that were skipped together. due_local is on
-- the chain's wall clock, so that a change of clocks or of the zone brings no time twice. day: whose matters it is
-- about, another one than that of due_local only by hand. first_local: the first of the due times that the row stands
-- for, which are several if they were skipped, then so many times, or if a sweep makes up for them. by_user: who started it by hand, -1 for the command line, 0 for the clock.
-- lease_until: of the holder; without one, when it is tried again.
CREATE TABLE job_run (
    id {id},
    job TEXT NOT NULL,
    due_local TEXT NOT NULL,
    day TEXT NOT NULL,
    due_at {int} NOT NULL,
    first_local TEXT NOT NULL,
    times {int} NOT NULL DEFAULT 1,
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
    CONSTRAINT job_run_due_once UNIQUE (job, due_local, day)
){strict};

CREATE INDEX job_run_waiting ON job_run (job, id) WHERE state = 'waiting';
CREATE INDEX job_run_ended ON job_run (ended_at) WHERE state <> 'waiting';
