-- What members complain about, wish for or praise, and everything said about it.

-- member_id 0: nobody in particular; store_id 0: no store. holder: Telegram id of who has it, 0 for nobody.
-- due times are epoch ms; answer_due 0 once it was answered, resolve_due far away while the clock stands still:
-- then left_ms says how much working time is left. warned, escalated: steps done, see docs/cases.md.
-- answer_ms, resolve_ms: working time until the first answer and until the solution, while staff had it; *_late: after
-- its due time. paused_at: since when the member has it, 0 while staff have it; paused_ms: working time of it before.
-- score: how it was dealt with, 0: not told; rates: the case whose low score this one is about, 0 for none.
CREATE TABLE service_case (
    id {id},
    kind TEXT NOT NULL CONSTRAINT service_case_kind_known CHECK (kind IN ('complaint', 'suggestion', 'praise')),
    category TEXT NOT NULL,
    severity TEXT NOT NULL,
    member_id {int} NOT NULL DEFAULT 0,
    store_id {int} NOT NULL DEFAULT 0,
    purchase_id {int} NOT NULL DEFAULT 0,
    reservation_id {int} NOT NULL DEFAULT 0,
    opened_by {int} NOT NULL,
    opened_at {int} NOT NULL,
    source TEXT NOT NULL CONSTRAINT service_case_source_known CHECK (source IN ('member', 'staff', 'receipt', 'survey')),
    state TEXT NOT NULL DEFAULT 'new' CONSTRAINT service_case_state_known
        CHECK (state IN ('new', 'taken', 'waiting', 'resolved', 'confirmed', 'unanswered', 'closed', 'merged')),
    holder {int} NOT NULL DEFAULT 0,
    answered_at {int} NOT NULL DEFAULT 0,
    answer_ms {int} NOT NULL DEFAULT 0,
    answer_late {int} NOT NULL DEFAULT 0,
    answer_due {int} NOT NULL,
    resolve_due {int} NOT NULL,
    left_ms {int} NOT NULL DEFAULT 0,
    paused_at {int} NOT NULL DEFAULT 0,
    paused_ms {int} NOT NULL DEFAULT 0,
    warned {int} NOT NULL DEFAULT 0,
    escalated {int} NOT NULL DEFAULT 0,
    resolved_at {int} NOT NULL DEFAULT 0,
    resolve_ms {int} NOT NULL DEFAULT 0,
    resolve_late {int} NOT NULL DEFAULT 0,
    reminded_at {int} NOT NULL DEFAULT 0,
    ended_at {int} NOT NULL DEFAULT 0,
    reopened {int} NOT NULL DEFAULT 0,
    merged_into {int} NOT NULL DEFAULT 0,
    score_asked_at {int} NOT NULL DEFAULT 0,
    score {int} NOT NULL DEFAULT 0 CONSTRAINT service_case_score_known CHECK (score BETWEEN 0 AND 5),
    rates {int} NOT NULL DEFAULT 0,
    key TEXT NOT NULL CONSTRAINT service_case_key_unique UNIQUE
){strict};

CREATE INDEX service_case_open ON service_case (store_id, resolve_due, id) WHERE state IN ('new', 'taken', 'waiting');

CREATE INDEX service_case_member ON service_case (member_id, id) WHERE member_id <> 0;

CREATE INDEX service_case_resolved ON service_case (resolved_at, id) WHERE state = 'resolved';

CREATE INDEX service_case_score ON service_case (store_id, score_asked_at, score) WHERE score_asked_at <> 0;

-- For reports: what happened in a span of time, answered from the index alone.
CREATE INDEX service_case_opened ON service_case (store_id, opened_at, merged_into, kind, category, source, member_id);

CREATE INDEX service_case_answered ON service_case (store_id, answered_at, merged_into, answer_ms, answer_late);

CREATE INDEX service_case_solved ON service_case (store_id, resolved_at, resolve_ms, resolve_late);

CREATE INDEX service_case_holder ON service_case (holder, id) WHERE state IN ('taken', 'waiting');

-- side: who said it; 'logged' what staff heard at the counter, 'note' is for
-- colleagues, 'event' what was done. author: Telegram id, 0 for the programme.
-- member_id as in the case: whose key seals it. source: 'chat:message' it came in by, NULL for what the programme says.
-- album: Telegram's number of the pictures that came together, '' for none.
CREATE TABLE case_line (
    id {id},
    case_id {int} NOT NULL CONSTRAINT case_line_case_fk REFERENCES service_case (id),
    member_id {int} NOT NULL DEFAULT 0,
    side TEXT NOT NULL CONSTRAINT case_line_side_known CHECK (side IN ('member', 'staff', 'logged', 'note', 'event')),
    author {int} NOT NULL,
    words_sealed {blob} NOT NULL,
    file_kind TEXT NOT NULL DEFAULT '',
    file_id_sealed {blob} NOT NULL,
    at {int} NOT NULL,
    source TEXT CONSTRAINT case_line_source_unique UNIQUE,
    album TEXT NOT NULL DEFAULT ''
){strict};

CREATE INDEX case_line_case ON case_line (case_id, id);

CREATE INDEX case_line_album ON case_line (album) WHERE album <> '';

CREATE INDEX case_line_member ON case_line (member_id) WHERE member_id <> 0;
