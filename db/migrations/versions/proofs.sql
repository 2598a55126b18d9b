-- For the proof of the books, which asks of each lot what was taken from it and given back, and of each purchase what it
-- earned: both without the entries themselves.
CREATE INDEX allocation_lot ON allocation (lot_id, points);

DROP INDEX entry_purchase;

CREATE INDEX entry_purchase ON entry (purchase_id, kind, points) WHERE purchase_id <> 0;

-- The sums of open lots by member and day, from the index alone.
DROP INDEX lot_open;

CREATE INDEX lot_open ON lot (member_id, expires_at, id, remaining, points, lapsed) WHERE remaining > 0;
