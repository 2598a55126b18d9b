-- What managers send to many.

-- texts: JSON by locale, with {fields}. tier '' and store_id 0: everybody. cursor: the last member looked at.
CREATE TABLE campaign (
    id {id},
    texts TEXT NOT NULL,
    picture_id {int} NOT NULL DEFAULT 0,
    tier TEXT NOT NULL DEFAULT '',
    store_id {int} NOT NULL DEFAULT 0,
    starts_at {int} NOT NULL,
    state TEXT NOT NULL DEFAULT 'draft' CONSTRAINT campaign_state_known
        CHECK (state IN ('draft', 'waiting', 'declined', 'approved', 'paused', 'stopped', 'sent')),
    cursor {int} NOT NULL DEFAULT 0,
    queued_at {int} NOT NULL DEFAULT 0,
    created_by {int} NOT NULL,
    created_at {int} NOT NULL,
    decided_by {int} NOT NULL DEFAULT 0,
    ended_at {int} NOT NULL DEFAULT 0
){strict};

-- Whom a campaign reaches is counted from this alone, and people are looked up in their own order.
CREATE INDEX member_audience ON member (user_id, tier, home_store_id, status) WHERE status = 'active' AND user_id <> 0;

CREATE INDEX campaign_due ON campaign (starts_at) WHERE state = 'approved';

ALTER TABLE outbox ADD COLUMN campaign_id {int} NOT NULL DEFAULT 0;

CREATE INDEX outbox_campaign ON outbox (campaign_id, state) WHERE campaign_id <> 0;
