-- What was taken from a lot and given back to it, without the entries in between: the proof that every lot is right asks
-- for each.
CREATE INDEX allocation_lot ON allocation (lot_id, points);
