-- Whose work a case about a low score judges, as it was when the score was given: a case that rates another one is not
-- for them. user_id: Telegram id of who had the rated case then, or had answered in it.
CREATE TABLE case_rated (
    case_id {int} NOT NULL CONSTRAINT case_rated_case_fk REFERENCES service_case (id),
    user_id {int} NOT NULL,
    CONSTRAINT case_rated_pk PRIMARY KEY (case_id, user_id)
){strict};
