-- How it was: one question about one visit or one gift. score 0: not answered.
CREATE TABLE survey (
    id {id},
    member_id {int} NOT NULL CONSTRAINT survey_member_fk REFERENCES member (id),
    about TEXT NOT NULL CONSTRAINT survey_about_known CHECK (about IN ('visit', 'gift')),
    subject_id {int} NOT NULL,
    store_id {int} NOT NULL,
    asked_at {int} NOT NULL,
    score {int} NOT NULL DEFAULT 0 CONSTRAINT survey_score_known CHECK (score BETWEEN 0 AND 5),
    words_sealed {blob} NOT NULL,
    answered_at {int} NOT NULL DEFAULT 0,
    CONSTRAINT survey_subject_once UNIQUE (about, subject_id)
){strict};

CREATE INDEX survey_member ON survey (member_id, asked_at);

CREATE INDEX gift_reservation_captured ON gift_reservation (resolved_at, id) WHERE state = 'captured';
