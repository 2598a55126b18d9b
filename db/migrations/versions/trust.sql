-- Who did what, so that nobody can change it unseen; who was erased; who was asked whether to stay.

-- place: 1, 2, 3 … without a gap; 0 for what was written before there was a chain. mac: hex of a keyed digest over the
-- row and the mac of the place before.
ALTER TABLE audit ADD COLUMN place {int} NOT NULL DEFAULT 0;
ALTER TABLE audit ADD COLUMN mac TEXT NOT NULL DEFAULT '';
CREATE UNIQUE INDEX audit_place ON audit (place) WHERE place <> 0;
CREATE INDEX audit_actor ON audit (actor, id);
CREATE INDEX audit_action ON audit (action, id);

-- Where the chain ends: one row. A copy lies outside the database (bot/witness.py).
CREATE TABLE audit_head (
    id {int} NOT NULL CONSTRAINT audit_head_pk PRIMARY KEY CONSTRAINT audit_head_one CHECK (id = 1),
    place {int} NOT NULL,
    mac TEXT NOT NULL
){strict};
INSERT INTO audit_head (id, place, mac) VALUES (1, 0, '');

-- Members whose data key was destroyed; carried out again when an older backup is restored. user_id: whom to forget
-- once the last message has gone; 0 afterwards. settled_at 0: traces in files and backups are still to be wiped.
CREATE TABLE erasure (
    member_id {int} NOT NULL CONSTRAINT erasure_pk PRIMARY KEY CONSTRAINT erasure_member_fk REFERENCES member (id),
    reason TEXT NOT NULL CONSTRAINT erasure_reason_known CHECK (reason IN ('asked', 'retention')),
    erased_at {int} NOT NULL,
    user_id {int} NOT NULL DEFAULT 0,
    settled_at {int} NOT NULL DEFAULT 0
){strict};
CREATE INDEX erasure_unsettled ON erasure (member_id) WHERE settled_at = 0;

-- Members asked whether to stay, as they had not bought anything for long. stayed_at 0: they have not said so.
CREATE TABLE retention (
    member_id {int} NOT NULL CONSTRAINT retention_pk PRIMARY KEY CONSTRAINT retention_member_fk REFERENCES member (id),
    warned_at {int} NOT NULL DEFAULT 0,
    stayed_at {int} NOT NULL DEFAULT 0
){strict};
