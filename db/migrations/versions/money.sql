-- Points as money: holds, refunds, adjustments, lapsing, and accounts in doubt.

-- Points set aside by an entry of kind hold. Each is captured or released, once.
CREATE TABLE hold (
    entry_id {int} NOT NULL CONSTRAINT hold_pk PRIMARY KEY CONSTRAINT hold_entry_fk REFERENCES entry (id),
    member_id {int} NOT NULL CONSTRAINT hold_member_fk REFERENCES member (id),
    points {int} NOT NULL CONSTRAINT hold_points_positive CHECK (points > 0),
    state TEXT NOT NULL DEFAULT 'held' CONSTRAINT hold_state_known CHECK (state IN ('held', 'captured', 'released'))
){strict};

-- Set while the nightly check finds the member's books wrong: nothing is redeemed until they are right.
ALTER TABLE account ADD COLUMN frozen_at {int} NOT NULL DEFAULT 0;

-- Of the points the lot gave: how many lapsed unused, and have not been counted against a refund since.
ALTER TABLE lot ADD COLUMN lapsed {int} NOT NULL DEFAULT 0;

-- What was paid back of a purchase (minor units), and how many of its points that took with it.
ALTER TABLE purchase ADD COLUMN refunded {int} NOT NULL DEFAULT 0
    CONSTRAINT purchase_refunded_within CHECK (refunded >= 0 AND refunded <= amount);
ALTER TABLE purchase ADD COLUMN points_back {int} NOT NULL DEFAULT 0
    CONSTRAINT purchase_points_back_within CHECK (points_back >= 0 AND points_back <= points);

-- entry_id: the entry that took the points back. points: how many were due, however many of them had lapsed.
CREATE TABLE refund (
    id {id},
    purchase_id {int} NOT NULL CONSTRAINT refund_purchase_fk REFERENCES purchase (id),
    member_id {int} NOT NULL CONSTRAINT refund_member_fk REFERENCES member (id),
    store_id {int} NOT NULL CONSTRAINT refund_store_fk REFERENCES store (id),
    amount {int} NOT NULL CONSTRAINT refund_amount_positive CHECK (amount > 0),
    points {int} NOT NULL,
    entry_id {int} NOT NULL CONSTRAINT refund_entry_fk REFERENCES entry (id),
    refunded_by {int} NOT NULL,
    refunded_at {int} NOT NULL,
    key TEXT NOT NULL CONSTRAINT refund_key_unique UNIQUE,
    content {blob} NOT NULL,
    detail TEXT NOT NULL
){strict};
CREATE INDEX refund_purchase ON refund (purchase_id);

-- Whole lines that were given back; each once.
CREATE TABLE refund_line (
    purchase_id {int} NOT NULL,
    position {int} NOT NULL,
    refund_id {int} NOT NULL CONSTRAINT refund_line_refund_fk REFERENCES refund (id),
    CONSTRAINT refund_line_pk PRIMARY KEY (purchase_id, position)
){strict};

-- Points given or taken by hand. Above the charter's limit it waits for a second person. entry_id 0: not (yet) entered.
CREATE TABLE adjustment (
    id {id},
    member_id {int} NOT NULL CONSTRAINT adjustment_member_fk REFERENCES member (id),
    store_id {int} NOT NULL DEFAULT 0,
    points {int} NOT NULL CONSTRAINT adjustment_points_any CHECK (points <> 0),
    reason TEXT NOT NULL,
    note_sealed {blob} NOT NULL,
    state TEXT NOT NULL CONSTRAINT adjustment_state_known CHECK (state IN ('waiting', 'entered', 'declined')),
    asked_by {int} NOT NULL,
    asked_at {int} NOT NULL,
    decided_by {int} NOT NULL DEFAULT 0,
    decided_at {int} NOT NULL DEFAULT 0,
    entry_id {int} NOT NULL DEFAULT 0,
    key TEXT NOT NULL CONSTRAINT adjustment_key_unique UNIQUE,
    content {blob} NOT NULL
){strict};
CREATE INDEX adjustment_member ON adjustment (member_id);
CREATE INDEX adjustment_waiting ON adjustment (asked_at) WHERE state = 'waiting';

-- The expiry job's way in: what lapses, in the order of time.
CREATE INDEX account_expiry_time ON account_expiry (expires_at, member_id);

-- An entry is taken back once; what settles or takes back an entry is found by it.
CREATE INDEX entry_reverses ON entry (reverses) WHERE reverses <> 0;
CREATE UNIQUE INDEX entry_reversed_once ON entry (reverses) WHERE kind = 'reversal';

-- With all that the proof of the books sums up, so that it reads the index alone.
DROP INDEX entry_member;
CREATE INDEX entry_member ON entry (member_id, id, points, balance_after);
