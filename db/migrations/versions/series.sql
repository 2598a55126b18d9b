-- Birthdays that were given, and the rhythms in which members buy.

-- The jobs' ways in: who keeps a birthday, who joined when, who bought when.
CREATE INDEX member_birthday ON member (birthday_month, birthday_day, birthday_lunar, birthday_leap, id)
    WHERE status = 'active' AND birthday_month <> 0;
CREATE INDEX member_joined ON member (joined_at, id) WHERE status = 'active' AND user_id <> 0;
CREATE INDEX purchase_time ON purchase (occurred_at, member_id);

-- One birthday in a year of the calendar it is in. kept_on: ISO date. coupon_id 0: no present. greeted_at 0: not yet,
-- as the present came beforehand.
CREATE TABLE birthday_given (
    member_id {int} NOT NULL CONSTRAINT birthday_given_member_fk REFERENCES member (id),
    year {int} NOT NULL,
    kept_on TEXT NOT NULL,
    coupon_id {int} NOT NULL DEFAULT 0,
    given_at {int} NOT NULL,
    greeted_at {int} NOT NULL DEFAULT 0,
    CONSTRAINT birthday_given_pk PRIMARY KEY (member_id, year)
){strict};

-- Birthdays that were changed: before that day (ISO date) they bring nothing (loyalty/birthday_changes.py).
CREATE TABLE birthday_wait (
    member_id {int} NOT NULL CONSTRAINT birthday_wait_pk PRIMARY KEY
        CONSTRAINT birthday_wait_member_fk REFERENCES member (id),
    counts_from TEXT NOT NULL
){strict};

-- What a member buys regularly. what: 'item:…' or 'category:…'; last_on, due_on, told_on: ISO dates, '' for never.
CREATE TABLE rhythm (
    member_id {int} NOT NULL CONSTRAINT rhythm_member_fk REFERENCES member (id),
    what TEXT NOT NULL,
    item TEXT NOT NULL,
    category TEXT NOT NULL,
    every_days {int} NOT NULL,
    last_on TEXT NOT NULL,
    due_on TEXT NOT NULL,
    told_on TEXT NOT NULL DEFAULT '',
    CONSTRAINT rhythm_pk PRIMARY KEY (member_id, what)
){strict};
CREATE INDEX rhythm_due ON rhythm (due_on, member_id);
