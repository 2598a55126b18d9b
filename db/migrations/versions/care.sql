-- Members whom staff are to greet or call: one open task for each. rule: its code in the charter; period: what makes
-- it the only one of that rule. due_on, taken_on: ISO dates, local. clerk: Telegram id of who has it on taken_on.
CREATE TABLE care_task (
    id {id},
    member_id {int} NOT NULL CONSTRAINT care_task_member_fk REFERENCES member (id),
    rule TEXT NOT NULL,
    period TEXT NOT NULL,
    store_id {int} NOT NULL DEFAULT 0,
    due_on TEXT NOT NULL,
    made_at {int} NOT NULL,
    state TEXT NOT NULL DEFAULT 'open' CONSTRAINT care_task_state_known
        CHECK (state IN ('open', 'done', 'no_answer', 'lapsed')),
    clerk {int} NOT NULL DEFAULT 0,
    taken_on TEXT NOT NULL DEFAULT '',
    tries {int} NOT NULL DEFAULT 0,
    settled_at {int} NOT NULL DEFAULT 0,
    CONSTRAINT care_task_once UNIQUE (member_id, rule, period)
){strict};

CREATE UNIQUE INDEX care_task_open ON care_task (member_id) WHERE state = 'open';

CREATE INDEX care_task_due ON care_task (store_id, due_on, id) WHERE state = 'open';

CREATE INDEX care_task_clerk ON care_task (clerk, taken_on) WHERE clerk <> 0;

-- The job's ways in.
CREATE INDEX member_tier ON member (tier, id) WHERE status = 'active';

CREATE INDEX service_case_ended ON service_case (ended_at, id) WHERE state IN ('confirmed', 'unanswered');
