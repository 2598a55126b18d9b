-- Would you recommend us? One question per member and quarter. quarter: its first day, local; score -1: not answered.
CREATE TABLE recommendation (
    id {id},
    member_id {int} NOT NULL CONSTRAINT recommendation_member_fk REFERENCES member (id),
    quarter TEXT NOT NULL,
    store_id {int} NOT NULL,
    asked_at {int} NOT NULL,
    score {int} NOT NULL DEFAULT -1 CONSTRAINT recommendation_score_known CHECK (score BETWEEN -1 AND 10),
    words_sealed {blob} NOT NULL,
    answered_at {int} NOT NULL DEFAULT 0,
    CONSTRAINT recommendation_once UNIQUE (member_id, quarter)
){strict};

-- For results by store and month, read from the index alone.
CREATE INDEX recommendation_store ON recommendation (store_id, asked_at, score);

CREATE INDEX survey_store ON survey (store_id, asked_at, about, score);
