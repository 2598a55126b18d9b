-- Coupons: what can be granted, under which terms, who has one, and what purchases saved.

-- One kind of coupon. code: of the charter, or '+' and a number for one that a manager made in chat. terms_id: under
-- which it is granted now. digest: of what the charter said when it was taken over. Limits: 0 is none; budget and saved
-- in minor units. told_percent: the share of the budget that managers have been told is used.
CREATE TABLE coupon_definition (
    id {id},
    code TEXT NOT NULL CONSTRAINT coupon_definition_code_unique UNIQUE,
    digest TEXT NOT NULL,
    terms_id {int} NOT NULL DEFAULT 0,
    status TEXT NOT NULL DEFAULT 'active'
        CONSTRAINT coupon_definition_status_known CHECK (status IN ('active', 'stopped')),
    per_member {int} NOT NULL,
    in_total {int} NOT NULL,
    budget {int} NOT NULL,
    granted {int} NOT NULL DEFAULT 0,
    used {int} NOT NULL DEFAULT 0,
    saved {int} NOT NULL DEFAULT 0,
    told_percent {int} NOT NULL DEFAULT 0,
    created_by {int} NOT NULL,
    created_at {int} NOT NULL,
    CONSTRAINT coupon_definition_counts_natural CHECK (granted >= 0 AND used >= 0 AND saved >= 0)
){strict};

-- terms: JSON of loyalty.coupons.Terms. Never changed: who has a coupon keeps what it was granted under.
CREATE TABLE coupon_terms (
    id {id},
    definition_id {int} NOT NULL CONSTRAINT coupon_terms_definition_fk REFERENCES coupon_definition (id),
    digest TEXT NOT NULL,
    terms TEXT NOT NULL,
    CONSTRAINT coupon_terms_once UNIQUE (definition_id, digest)
){strict};

-- One coupon of one member. code_token: keyed hash of the code; code_sealed: the code, for its owner. granted_by: staff,
-- 0 for the programme. store_id, purchase_id, saving (minor units), used_by: of its use; purchase_id 0 also for a gift
-- handed over without a purchase. reminded_days: the shortest reminder that was sent; 9999: none yet.
CREATE TABLE coupon (
    id {id},
    definition_id {int} NOT NULL CONSTRAINT coupon_definition_fk REFERENCES coupon_definition (id),
    terms_id {int} NOT NULL CONSTRAINT coupon_terms_fk REFERENCES coupon_terms (id),
    member_id {int} NOT NULL CONSTRAINT coupon_member_fk REFERENCES member (id),
    why TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'held' CONSTRAINT coupon_state_known CHECK (state IN ('held', 'used', 'lapsed')),
    usable_from {int} NOT NULL,
    usable_until {int} NOT NULL,
    code_token {blob} NOT NULL CONSTRAINT coupon_code_unique UNIQUE,
    code_sealed {blob} NOT NULL,
    key TEXT NOT NULL CONSTRAINT coupon_key_unique UNIQUE,
    granted_by {int} NOT NULL,
    granted_at {int} NOT NULL,
    used_by {int} NOT NULL DEFAULT 0,
    ended_at {int} NOT NULL DEFAULT 0,
    store_id {int} NOT NULL DEFAULT 0,
    purchase_id {int} NOT NULL DEFAULT 0,
    saving {int} NOT NULL DEFAULT 0,
    reminded_days {int} NOT NULL DEFAULT 9999
){strict};
CREATE INDEX coupon_held ON coupon (member_id, usable_until) WHERE state = 'held';
CREATE INDEX coupon_ended ON coupon (member_id, ended_at) WHERE state <> 'held';
CREATE INDEX coupon_of_definition ON coupon (definition_id, member_id);
CREATE INDEX coupon_due ON coupon (usable_until, id) WHERE state = 'held';
CREATE INDEX coupon_purchase ON coupon (purchase_id) WHERE purchase_id <> 0;

-- What was taken off a purchase: full and saved in minor units, detail explains both. The purchase has what was paid.
CREATE TABLE purchase_saving (
    purchase_id {int} NOT NULL CONSTRAINT purchase_saving_pk PRIMARY KEY
        CONSTRAINT purchase_saving_purchase_fk REFERENCES purchase (id),
    member_id {int} NOT NULL CONSTRAINT purchase_saving_member_fk REFERENCES member (id),
    full_amount {int} NOT NULL,
    saved {int} NOT NULL CONSTRAINT purchase_saving_within CHECK (saved >= 0 AND saved < full_amount),
    detail TEXT NOT NULL
){strict};
CREATE INDEX purchase_saving_member ON purchase_saving (member_id);
