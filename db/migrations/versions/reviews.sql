-- Reviews of tiers. Local days as ISO dates, '' where there is none yet.

-- How the member's tier is held: what counts from the month of period_from on until keep_until decides whether it is
-- kept. A period keeps its days whatever a later charter says. announced: the member was told what is missing.
-- review_on: the day to look again; '' is at once.
ALTER TABLE account ADD COLUMN period_from TEXT NOT NULL DEFAULT '';
ALTER TABLE account ADD COLUMN period_until TEXT NOT NULL DEFAULT '';
ALTER TABLE account ADD COLUMN keep_until TEXT NOT NULL DEFAULT '';
ALTER TABLE account ADD COLUMN announced {int} NOT NULL DEFAULT 0;
ALTER TABLE account ADD COLUMN review_on TEXT NOT NULL DEFAULT '';

CREATE INDEX account_review ON account (review_on, member_id);

-- The keep_until that a review was about; '' for moves by purchases and refunds. A tier that was kept has a row, too.
ALTER TABLE tier_change ADD COLUMN review TEXT NOT NULL DEFAULT '';

CREATE UNIQUE INDEX tier_change_review ON tier_change (member_id, review) WHERE review <> '';
