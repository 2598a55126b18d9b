-- Books of :n members, from the plans that benchmarks/books.py sets out. In the order of time, as in life: the first
-- entry of everybody, then the second of everybody; so what one member has lies :n apart.

WITH RECURSIVE n(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n WHERE id < :n) INSERT INTO temp.m SELECT id FROM n;

INSERT INTO purchase (id, member_id, store_id, amount, currency, points, recorded_by, occurred_at, recorded_at, key,
    content, refunded, points_back)
SELECT (number - 1) * :n + id, id, 1, 1000, 'CNY', 10, 4000000, number * 86400000, number * 86400000,
    printf('b:%02d:%09d', number, id), zeroblob(32), CASE number WHEN 6 THEN 500 ELSE 0 END, CASE number WHEN 6 THEN 5
    ELSE 0 END FROM purchases, m ORDER BY 1;

INSERT INTO entry (id, member_id, kind, points, balance_after, reason, actor, store_id, purchase_id, reverses, detail,
    occurred_at, recorded_at, key, content)
SELECT (number - 1) * :n + id, id, kind, points, after, reason, 4000000, 1, CASE purchase WHEN 0 THEN 0 ELSE (purchase
    - 1) * :n + id END, CASE reverses WHEN 0 THEN 0 ELSE (reverses - 1) * :n + id END, '{"rules":[["base",10]]}',
    number * 86400000, number * 86400000, printf('b:%02d:%09d', number, id), zeroblob(32) FROM entries, m ORDER BY 1;

INSERT INTO lot (id, member_id, entry_id, points, remaining, active_at, expires_at, lapsed)
SELECT (number - 1) * :n + id, id, (entry - 1) * :n + id, 10, remaining, 0, (expiry + 1) * 4000000000000, lapsed FROM
    lots, m ORDER BY 1;

INSERT INTO allocation (entry_id, lot_id, points)
SELECT (entry - 1) * :n + id, (lot - 1) * :n + id, points FROM allocations, m ORDER BY 1, 2;

INSERT INTO hold (entry_id, member_id, points, state)
SELECT (entry - 1) * :n + id, id, points, state FROM holds, m ORDER BY 1;

INSERT INTO refund (id, purchase_id, member_id, store_id, amount, points, entry_id, refunded_by, refunded_at, key,
    content, detail)
SELECT id, 5 * :n + id, id, 1, 500, 5, 18 * :n + id, 4000000, 0, printf('b:%09d', id), zeroblob(32), '{}' FROM m;

INSERT INTO account (member_id, balance, entries)
SELECT id, 75, :entries FROM m;

INSERT INTO account_expiry (member_id, expires_at, points)
SELECT id, 4000000000000, 35 FROM m UNION ALL SELECT id, 8000000000000, 40 FROM m;

INSERT INTO account_month (member_id, month, spent, purchases, earned)
SELECT id, '2023-11', 9000, 9, 90 FROM m UNION ALL SELECT id, '2023-12', 500, 1, 10 FROM m;
