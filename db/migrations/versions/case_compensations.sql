-- What was given for a case with the chain's apologies, or is asked for: points, or a coupon of this code of the charter.
-- store_id: the case's at that time. asked_by: who gives it, decided_by: the second person, 0 where none is needed or
-- none has said a word. settled_at: since when it is given or declined. entry_id, coupon_id: what the member has of it.
CREATE TABLE case_compensation (
    id {id},
    case_id {int} NOT NULL CONSTRAINT case_compensation_case_fk REFERENCES service_case (id),
    member_id {int} NOT NULL CONSTRAINT case_compensation_member_fk REFERENCES member (id),
    store_id {int} NOT NULL DEFAULT 0,
    points {int} NOT NULL DEFAULT 0 CONSTRAINT case_compensation_points_any CHECK (points >= 0),
    coupon TEXT NOT NULL DEFAULT '',
    state TEXT NOT NULL CONSTRAINT case_compensation_state_known CHECK (state IN ('waiting', 'given', 'declined')),
    asked_by {int} NOT NULL,
    asked_at {int} NOT NULL,
    decided_by {int} NOT NULL DEFAULT 0,
    settled_at {int} NOT NULL DEFAULT 0,
    entry_id {int} NOT NULL DEFAULT 0,
    coupon_id {int} NOT NULL DEFAULT 0,
    CONSTRAINT case_compensation_is_one CHECK ((points = 0 AND coupon <> '') OR (points > 0 AND coupon = ''))
){strict};

CREATE INDEX case_compensation_case ON case_compensation (case_id);

CREATE INDEX case_compensation_member ON case_compensation (member_id, asked_at);

CREATE INDEX case_compensation_given ON case_compensation (settled_at, store_id) WHERE state = 'given';

-- What was merged into a case: what was said, bought and given there counts for it.
CREATE INDEX service_case_merged ON service_case (merged_into) WHERE merged_into <> 0;
