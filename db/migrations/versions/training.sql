-- The service handbook where managers replaced the one that comes with the programme, by language; '': not said yet.
-- in_force: 1 for the text that is read now; used_at: since when, or when last, 0 for what was only looked at.
CREATE TABLE handbook (
    id {id},
    locale TEXT NOT NULL DEFAULT '' CONSTRAINT handbook_locale_known CHECK (locale IN ('', 'zh_Hans', 'zh_Hant', 'en')),
    text TEXT NOT NULL,
    added_by {int} NOT NULL,
    added_at {int} NOT NULL,
    in_force {int} NOT NULL DEFAULT 0,
    used_at {int} NOT NULL DEFAULT 0
){strict};

CREATE UNIQUE INDEX handbook_in_force ON handbook (locale) WHERE in_force = 1;

CREATE INDEX handbook_unused ON handbook (added_by) WHERE used_at = 0;

-- Short quizzes from it. version: of the text its questions are from. questions: JSON, [chapter, question, order of the
-- answers] each. place: which one waits, from 0.
CREATE TABLE quiz (
    id {id},
    user_id {int} NOT NULL,
    locale TEXT NOT NULL,
    version TEXT NOT NULL,
    questions TEXT NOT NULL,
    place {int} NOT NULL DEFAULT 0,
    correct {int} NOT NULL DEFAULT 0,
    state TEXT NOT NULL DEFAULT 'open' CONSTRAINT quiz_state_known CHECK (state IN ('open', 'done', 'stopped')),
    begun_at {int} NOT NULL,
    ended_at {int} NOT NULL DEFAULT 0
){strict};

CREATE UNIQUE INDEX quiz_open ON quiz (user_id) WHERE state = 'open';

CREATE INDEX quiz_ended ON quiz (user_id, ended_at);

CREATE TABLE quiz_answer (
    quiz_id {int} NOT NULL CONSTRAINT quiz_answer_quiz_fk REFERENCES quiz (id),
    place {int} NOT NULL,
    chapter {int} NOT NULL,
    correct {int} NOT NULL,
    CONSTRAINT quiz_answer_pk PRIMARY KEY (quiz_id, place)
){strict};

-- What somebody did in a month: counted along an index each, the most frequent from the index alone.
DROP INDEX purchase_recorder;

CREATE INDEX purchase_recorder ON purchase (recorded_by, recorded_at, status, store_id);

CREATE INDEX member_enroller ON member (enrolled_by, joined_at) WHERE enrolled_by <> 0;

CREATE INDEX gift_reservation_collected ON gift_reservation (resolved_by, resolved_at) WHERE state = 'captured';

CREATE INDEX service_case_done ON service_case (holder, resolved_at, resolve_late, score, store_id)
    WHERE resolved_at > 0;

CREATE INDEX care_task_settled ON care_task (clerk, settled_at) WHERE state = 'done';
