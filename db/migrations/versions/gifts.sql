-- Gifts: the catalogue, what is in stock where, who has reserved what, who waits for what.

-- names: JSON by locale, at least one. cash: minor units, paid on collecting. tier '': for all. per_member, per_month:
-- so many for one member, 0 for no limit. Instants in epoch ms; ends_at 9999999999999: open-ended.
-- collect_from 0: at once. picture_id 0: none.
CREATE TABLE gift (
    id {id},
    names TEXT NOT NULL,
    points {int} NOT NULL CONSTRAINT gift_points_positive CHECK (points > 0),
    cash {int} NOT NULL DEFAULT 0 CONSTRAINT gift_cash_natural CHECK (cash >= 0),
    tier TEXT NOT NULL DEFAULT '',
    per_member {int} NOT NULL DEFAULT 0,
    per_month {int} NOT NULL DEFAULT 0,
    starts_at {int} NOT NULL,
    ends_at {int} NOT NULL,
    collect_from {int} NOT NULL DEFAULT 0,
    picture_id {int} NOT NULL DEFAULT 0,
    status TEXT NOT NULL DEFAULT 'offered' CONSTRAINT gift_status_known CHECK (status IN ('offered', 'withdrawn')),
    created_by {int} NOT NULL,
    created_at {int} NOT NULL
){strict};

-- The picture itself, so that it outlives the bot that Telegram knows it of.
CREATE TABLE gift_picture (
    id {id},
    jpeg {blob} NOT NULL,
    added_by {int} NOT NULL,
    added_at {int} NOT NULL
){strict};

-- stock: pieces in the store; reserved: those of them that are promised to somebody.
CREATE TABLE gift_stock (
    gift_id {int} NOT NULL CONSTRAINT gift_stock_gift_fk REFERENCES gift (id),
    store_id {int} NOT NULL CONSTRAINT gift_stock_store_fk REFERENCES store (id),
    stock {int} NOT NULL CONSTRAINT gift_stock_natural CHECK (stock >= 0),
    reserved {int} NOT NULL DEFAULT 0 CONSTRAINT gift_stock_reserved_within CHECK (reserved >= 0 AND reserved <= stock),
    CONSTRAINT gift_stock_pk PRIMARY KEY (gift_id, store_id)
){strict};

-- Every change of a gift's stock but handing it over, which the reservation itself tells.
CREATE TABLE gift_movement (
    id {id},
    gift_id {int} NOT NULL CONSTRAINT gift_movement_gift_fk REFERENCES gift (id),
    store_id {int} NOT NULL CONSTRAINT gift_movement_store_fk REFERENCES store (id),
    kind TEXT NOT NULL CONSTRAINT gift_movement_kind_known CHECK (kind IN ('restocked', 'removed', 'moved')),
    pieces {int} NOT NULL,
    actor {int} NOT NULL,
    at {int} NOT NULL
){strict};
CREATE INDEX gift_movement_gift ON gift_movement (gift_id, id);

-- One piece held for one member, with its points. code_token: keyed hash of the code; code_sealed: the code, for its
-- owner only, empty once resolved. told_at 0: of a lapse the member has not been told yet.
CREATE TABLE gift_reservation (
    id {id},
    gift_id {int} NOT NULL CONSTRAINT gift_reservation_gift_fk REFERENCES gift (id),
    member_id {int} NOT NULL CONSTRAINT gift_reservation_member_fk REFERENCES member (id),
    store_id {int} NOT NULL CONSTRAINT gift_reservation_store_fk REFERENCES store (id),
    points {int} NOT NULL,
    cash {int} NOT NULL,
    state TEXT NOT NULL DEFAULT 'held'
        CONSTRAINT gift_reservation_state_known CHECK (state IN ('held', 'captured', 'cancelled', 'lapsed')),
    entry_id {int} NOT NULL DEFAULT 0,
    code_token {blob} NOT NULL CONSTRAINT gift_reservation_code_unique UNIQUE,
    code_sealed {blob} NOT NULL,
    key TEXT NOT NULL CONSTRAINT gift_reservation_key_unique UNIQUE,
    reserved_at {int} NOT NULL,
    collect_from {int} NOT NULL,
    collect_by {int} NOT NULL,
    resolved_by {int} NOT NULL DEFAULT 0,
    resolved_at {int} NOT NULL DEFAULT 0,
    told_at {int} NOT NULL DEFAULT 0
){strict};
CREATE INDEX gift_reservation_member ON gift_reservation (member_id, id);
CREATE INDEX gift_reservation_gift ON gift_reservation (gift_id, state);
CREATE INDEX gift_reservation_due ON gift_reservation (collect_by) WHERE state = 'held';
CREATE INDEX gift_reservation_untold ON gift_reservation (id) WHERE state = 'lapsed' AND told_at = 0;

-- Who waits for a gift, in the order of id. store_id 0: at any store. While it is offered, a piece at offered_store_id
-- is reserved for the member until decide_by. told_at 0: not told yet, as it was night.
CREATE TABLE gift_waiting (
    id {id},
    gift_id {int} NOT NULL CONSTRAINT gift_waiting_gift_fk REFERENCES gift (id),
    member_id {int} NOT NULL CONSTRAINT gift_waiting_member_fk REFERENCES member (id),
    store_id {int} NOT NULL DEFAULT 0,
    state TEXT NOT NULL DEFAULT 'waiting' CONSTRAINT gift_waiting_state_known
        CHECK (state IN ('waiting', 'offered', 'taken', 'passed', 'lapsed', 'left')),
    joined_at {int} NOT NULL,
    offered_store_id {int} NOT NULL DEFAULT 0,
    offered_at {int} NOT NULL DEFAULT 0,
    told_at {int} NOT NULL DEFAULT 0,
    decide_by {int} NOT NULL DEFAULT 0,
    resolved_at {int} NOT NULL DEFAULT 0
){strict};
CREATE UNIQUE INDEX gift_waiting_once ON gift_waiting (gift_id, member_id) WHERE state IN ('waiting', 'offered');
CREATE INDEX gift_waiting_next ON gift_waiting (gift_id, id) WHERE state = 'waiting';
CREATE INDEX gift_waiting_due ON gift_waiting (decide_by) WHERE state = 'offered';

-- Wrong codes by one member of staff: five in ten minutes lock their /verify.
CREATE TABLE verify_miss (
    id {id},
    user_id {int} NOT NULL,
    missed_at {int} NOT NULL
){strict};
CREATE INDEX verify_miss_user ON verify_miss (user_id, missed_at);
