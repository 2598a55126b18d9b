-- The spine: people, stores, staff, members, purchases, the ledger, and what carries updates in and messages out.
-- Written once for both engines: see db/migrations/ddl.py for {id}, {int}, {blob} and {strict}.

CREATE TABLE charter_version (
    version {int} NOT NULL CONSTRAINT charter_version_pk PRIMARY KEY,
    text TEXT NOT NULL,
    digest TEXT NOT NULL,
    published_by {int} NOT NULL,
    published_at {int} NOT NULL
){strict};

-- What only this database's master key makes of nothing: one row, to recognise another installation's key file.
CREATE TABLE key_check (
    id {int} NOT NULL CONSTRAINT key_check_pk PRIMARY KEY CONSTRAINT key_check_one CHECK (id = 1),
    token {blob} NOT NULL
){strict};

-- Whoever has written to the bot: their chat, their language, and whether they can be reached.
CREATE TABLE person (
    user_id {int} NOT NULL CONSTRAINT person_pk PRIMARY KEY,
    language TEXT NOT NULL DEFAULT '',
    telegram_language TEXT NOT NULL DEFAULT '',
    easy_mode {int} NOT NULL DEFAULT 0,
    quiet_from TEXT NOT NULL DEFAULT '',
    quiet_until TEXT NOT NULL DEFAULT '',
    desk_store_id {int} NOT NULL DEFAULT 0,
    reachable {int} NOT NULL DEFAULT 1,
    met_at {int} NOT NULL
){strict};

CREATE TABLE store (
    id {id},
    code TEXT NOT NULL CONSTRAINT store_code_unique UNIQUE,
    name TEXT NOT NULL,
    district TEXT NOT NULL DEFAULT '',
    address TEXT NOT NULL DEFAULT '',
    active {int} NOT NULL DEFAULT 1,
    created_by {int} NOT NULL,
    created_at {int} NOT NULL
){strict};

-- store_id 0: the whole chain. The name is sealed under a system key.
CREATE TABLE staff (
    id {id},
    user_id {int} NOT NULL,
    store_id {int} NOT NULL,
    role TEXT NOT NULL CONSTRAINT staff_role_known CHECK (role IN ('owner', 'manager', 'clerk')),
    name_sealed {blob} NOT NULL,
    active {int} NOT NULL DEFAULT 1,
    invited_by {int} NOT NULL,
    since {int} NOT NULL,
    removed_by {int} NOT NULL DEFAULT 0,
    removed_at {int} NOT NULL DEFAULT 0,
    CONSTRAINT staff_user_store_unique UNIQUE (user_id, store_id)
){strict};

CREATE TABLE staff_invitation (
    token {blob} NOT NULL CONSTRAINT staff_invitation_pk PRIMARY KEY,
    role TEXT NOT NULL CONSTRAINT staff_invitation_role_known CHECK (role IN ('owner', 'manager', 'clerk')),
    store_id {int} NOT NULL,
    invited_by {int} NOT NULL,
    created_at {int} NOT NULL,
    expires_at {int} NOT NULL,
    used_by {int} NOT NULL DEFAULT 0,
    used_at {int} NOT NULL DEFAULT 0
){strict};

-- Columns that end in _sealed hold AES-256-GCM under the member's own data key (table member_key).
-- user_id 0: not on Telegram (yet). birthday_month 0: not told.
CREATE TABLE member (
    id {id},
    number TEXT NOT NULL CONSTRAINT member_number_unique UNIQUE,
    user_id {int} NOT NULL DEFAULT 0,
    status TEXT NOT NULL DEFAULT 'active' CONSTRAINT member_status_known CHECK (status IN ('active', 'left', 'erased')),
    tier TEXT NOT NULL,
    source TEXT NOT NULL,
    home_store_id {int} NOT NULL DEFAULT 0,
    referrer_id {int} NOT NULL DEFAULT 0,
    invite_code TEXT NOT NULL CONSTRAINT member_invite_code_unique UNIQUE,
    card_token {blob} NOT NULL CONSTRAINT member_card_token_unique UNIQUE,
    card_sealed {blob} NOT NULL,
    name_sealed {blob} NOT NULL,
    phone_sealed {blob} NOT NULL,
    birth_year_sealed {blob} NOT NULL,
    birthday_month {int} NOT NULL DEFAULT 0,
    birthday_day {int} NOT NULL DEFAULT 0,
    birthday_lunar {int} NOT NULL DEFAULT 0,
    birthday_leap {int} NOT NULL DEFAULT 0,
    charter_version {int} NOT NULL,
    joined_at {int} NOT NULL,
    enrolled_by {int} NOT NULL DEFAULT 0
){strict};
CREATE UNIQUE INDEX member_user_unique ON member (user_id) WHERE user_id <> 0;
CREATE INDEX member_referrer ON member (referrer_id) WHERE referrer_id <> 0;

CREATE TABLE member_key (
    member_id {int} NOT NULL CONSTRAINT member_key_pk PRIMARY KEY
        CONSTRAINT member_key_member_fk REFERENCES member (id),
    wrapped {blob} NOT NULL,
    version {int} NOT NULL
){strict};

-- Every telling of a birthday; the first one is no change.
CREATE TABLE birthday_change (
    id {id},
    member_id {int} NOT NULL CONSTRAINT birthday_change_member_fk REFERENCES member (id),
    told_at {int} NOT NULL
){strict};
CREATE INDEX birthday_change_member ON birthday_change (member_id);

-- Keyed hashes by which a member is found: tail, name, pinyin, initials.
CREATE TABLE member_lookup (
    kind TEXT NOT NULL,
    token {blob} NOT NULL,
    member_id {int} NOT NULL CONSTRAINT member_lookup_member_fk REFERENCES member (id),
    CONSTRAINT member_lookup_pk PRIMARY KEY (kind, token, member_id)
){strict};
CREATE INDEX member_lookup_member ON member_lookup (member_id);

-- The phone can belong to one active member only.
CREATE TABLE member_phone (
    token {blob} NOT NULL CONSTRAINT member_phone_pk PRIMARY KEY,
    member_id {int} NOT NULL CONSTRAINT member_phone_member_fk REFERENCES member (id)
){strict};

-- What a member chose to add: gender, e-mail, address, district, employer, job, likes, sizes, allergies, contact.
CREATE TABLE profile_field (
    member_id {int} NOT NULL CONSTRAINT profile_field_member_fk REFERENCES member (id),
    field TEXT NOT NULL,
    value_sealed {blob} NOT NULL,
    changed_at {int} NOT NULL,
    CONSTRAINT profile_field_pk PRIMARY KEY (member_id, field)
){strict};

CREATE TABLE consent (
    id {id},
    member_id {int} NOT NULL CONSTRAINT consent_member_fk REFERENCES member (id),
    kind TEXT NOT NULL,
    version {int} NOT NULL,
    given_at {int} NOT NULL
){strict};
CREATE INDEX consent_member ON consent (member_id);

-- Amounts in minor units; points as granted, whatever became of them. status: recorded, undone.
CREATE TABLE purchase (
    id {id},
    member_id {int} NOT NULL CONSTRAINT purchase_member_fk REFERENCES member (id),
    store_id {int} NOT NULL CONSTRAINT purchase_store_fk REFERENCES store (id),
    amount {int} NOT NULL CONSTRAINT purchase_amount_positive CHECK (amount > 0),
    currency TEXT NOT NULL,
    payment TEXT NOT NULL DEFAULT '',
    points {int} NOT NULL,
    status TEXT NOT NULL DEFAULT 'recorded' CONSTRAINT purchase_status_known CHECK (status IN ('recorded', 'undone')),
    recorded_by {int} NOT NULL,
    occurred_at {int} NOT NULL,
    recorded_at {int} NOT NULL,
    key TEXT NOT NULL CONSTRAINT purchase_key_unique UNIQUE,
    content {blob} NOT NULL,
    undone_by {int} NOT NULL DEFAULT 0,
    undone_at {int} NOT NULL DEFAULT 0
){strict};
CREATE INDEX purchase_member_time ON purchase (member_id, occurred_at);
CREATE INDEX purchase_recorder ON purchase (recorded_by, recorded_at);

-- Quantities in thousandths (0.250 kg is 250).
CREATE TABLE purchase_line (
    purchase_id {int} NOT NULL CONSTRAINT purchase_line_purchase_fk REFERENCES purchase (id),
    position {int} NOT NULL,
    item TEXT NOT NULL,
    category TEXT NOT NULL DEFAULT '',
    quantity {int} NOT NULL,
    amount {int} NOT NULL,
    CONSTRAINT purchase_line_pk PRIMARY KEY (purchase_id, position)
){strict};

-- The ledger. Entries are only ever added.
CREATE TABLE entry (
    id {id},
    member_id {int} NOT NULL CONSTRAINT entry_member_fk REFERENCES member (id),
    kind TEXT NOT NULL,
    points {int} NOT NULL,
    balance_after {int} NOT NULL,
    reason TEXT NOT NULL,
    actor {int} NOT NULL,
    store_id {int} NOT NULL DEFAULT 0,
    purchase_id {int} NOT NULL DEFAULT 0,
    reverses {int} NOT NULL DEFAULT 0,
    detail TEXT NOT NULL DEFAULT '{}',
    occurred_at {int} NOT NULL,
    recorded_at {int} NOT NULL,
    key TEXT NOT NULL CONSTRAINT entry_key_unique UNIQUE,
    content {blob} NOT NULL
){strict};
CREATE INDEX entry_member ON entry (member_id, id);
CREATE INDEX entry_purchase ON entry (purchase_id) WHERE purchase_id <> 0;

-- Earned points, each with the terms they were earned under.
CREATE TABLE lot (
    id {id},
    member_id {int} NOT NULL CONSTRAINT lot_member_fk REFERENCES member (id),
    entry_id {int} NOT NULL CONSTRAINT lot_entry_fk REFERENCES entry (id),
    points {int} NOT NULL CONSTRAINT lot_points_positive CHECK (points > 0),
    remaining {int} NOT NULL CONSTRAINT lot_remaining_within CHECK (remaining >= 0 AND remaining <= points),
    active_at {int} NOT NULL,
    expires_at {int} NOT NULL
){strict};
CREATE INDEX lot_open ON lot (member_id, expires_at, id) WHERE remaining > 0;
CREATE INDEX lot_pending ON lot (member_id, active_at) WHERE remaining > 0;
CREATE INDEX lot_entry ON lot (entry_id);

-- What an entry took from (negative) or gave back to (positive) a lot.
CREATE TABLE allocation (
    entry_id {int} NOT NULL CONSTRAINT allocation_entry_fk REFERENCES entry (id),
    lot_id {int} NOT NULL CONSTRAINT allocation_lot_fk REFERENCES lot (id),
    points {int} NOT NULL,
    CONSTRAINT allocation_pk PRIMARY KEY (entry_id, lot_id)
){strict};

-- Running totals, changed in the same transaction as the entries they sum, so that no answer scans a history.
-- tier_since 0: the tier the member joined with.
CREATE TABLE account (
    member_id {int} NOT NULL CONSTRAINT account_pk PRIMARY KEY
        CONSTRAINT account_member_fk REFERENCES member (id),
    balance {int} NOT NULL DEFAULT 0,
    deficit {int} NOT NULL DEFAULT 0,
    entries {int} NOT NULL DEFAULT 0,
    tier_since {int} NOT NULL DEFAULT 0
){strict};
CREATE TABLE account_expiry (
    member_id {int} NOT NULL CONSTRAINT account_expiry_member_fk REFERENCES member (id),
    expires_at {int} NOT NULL,
    points {int} NOT NULL,
    CONSTRAINT account_expiry_pk PRIMARY KEY (member_id, expires_at)
){strict};
-- month: 'YYYY-MM' in the charter's time zone.
CREATE TABLE account_month (
    member_id {int} NOT NULL CONSTRAINT account_month_member_fk REFERENCES member (id),
    month TEXT NOT NULL,
    spent {int} NOT NULL DEFAULT 0,
    purchases {int} NOT NULL DEFAULT 0,
    earned {int} NOT NULL DEFAULT 0,
    CONSTRAINT account_month_pk PRIMARY KEY (member_id, month)
){strict};

-- Every move from tier to tier. purchase_id: what lifted the member; 0 for a move that undid such a lift.
CREATE TABLE tier_change (
    id {id},
    member_id {int} NOT NULL CONSTRAINT tier_change_member_fk REFERENCES member (id),
    tier_before TEXT NOT NULL,
    tier_after TEXT NOT NULL,
    since_before {int} NOT NULL,
    purchase_id {int} NOT NULL DEFAULT 0,
    changed_at {int} NOT NULL
){strict};
CREATE INDEX tier_change_member ON tier_change (member_id, purchase_id);

-- What staff did, to whom; never personal data in detail.
CREATE TABLE audit (
    id {id},
    at {int} NOT NULL,
    actor {int} NOT NULL,
    action TEXT NOT NULL,
    store_id {int} NOT NULL DEFAULT 0,
    member_id {int} NOT NULL DEFAULT 0,
    detail TEXT NOT NULL DEFAULT ''
){strict};
CREATE INDEX audit_member ON audit (member_id, id) WHERE member_id <> 0;

-- Updates as Telegram gave them, sealed. seq is the order of arrival; update ids may jump backwards.
-- holder/lease_until: the process that has it in hand, 0 where none has.
CREATE TABLE inbox (
    seq {id},
    bot_id {int} NOT NULL,
    update_id {int} NOT NULL,
    sender_id {int} NOT NULL,
    payload {blob} NOT NULL,
    state TEXT NOT NULL DEFAULT 'new' CONSTRAINT inbox_state_known CHECK (state IN ('new', 'done', 'dead')),
    attempts {int} NOT NULL DEFAULT 0,
    error TEXT NOT NULL DEFAULT '',
    holder {int} NOT NULL DEFAULT 0,
    lease_until {int} NOT NULL DEFAULT 0,
    received_at {int} NOT NULL,
    done_at {int} NOT NULL DEFAULT 0,
    CONSTRAINT inbox_update_unique UNIQUE (bot_id, update_id)
){strict};
CREATE INDEX inbox_waiting ON inbox (sender_id, seq) WHERE state = 'new';
CREATE INDEX inbox_ended ON inbox (done_at) WHERE state <> 'new';

-- Messages to send, sealed until they are sent. holder/lease_until/lease_no: which process is sending it now.
CREATE TABLE outbox (
    id {id},
    chat_id {int} NOT NULL,
    kind TEXT NOT NULL CONSTRAINT outbox_kind_known CHECK (kind IN ('reply', 'notice', 'promotion')),
    payload {blob} NOT NULL,
    dedup_key TEXT,
    state TEXT NOT NULL DEFAULT 'queued'
        CONSTRAINT outbox_state_known CHECK (state IN ('queued', 'sent', 'failed', 'unknown')),
    attempts {int} NOT NULL DEFAULT 0,
    due_at {int} NOT NULL,
    holder {int} NOT NULL DEFAULT 0,
    lease_until {int} NOT NULL DEFAULT 0,
    lease_no {int} NOT NULL DEFAULT 0,
    message_id {int} NOT NULL DEFAULT 0,
    error TEXT NOT NULL DEFAULT '',
    queued_at {int} NOT NULL,
    sent_at {int} NOT NULL DEFAULT 0,
    CONSTRAINT outbox_dedup_unique UNIQUE (dedup_key)
){strict};
CREATE INDEX outbox_waiting ON outbox (chat_id, id) WHERE state = 'queued';
CREATE INDEX outbox_finished ON outbox (sent_at) WHERE state <> 'queued' AND dedup_key IS NULL;

-- question: goes with the buttons, so that they answer no other one.
CREATE TABLE dialogue (
    chat_id {int} NOT NULL,
    user_id {int} NOT NULL,
    name TEXT NOT NULL,
    step TEXT NOT NULL,
    question TEXT NOT NULL DEFAULT '',
    answers {blob} NOT NULL,
    changed_at {int} NOT NULL,
    CONSTRAINT dialogue_pk PRIMARY KEY (chat_id, user_id)
){strict};

-- The last press of each button, so that twenty taps in a second are one.
CREATE TABLE press (
    user_id {int} NOT NULL,
    chat_id {int} NOT NULL,
    message_id {int} NOT NULL,
    data TEXT NOT NULL,
    pressed_at {int} NOT NULL,
    CONSTRAINT press_pk PRIMARY KEY (user_id, chat_id, message_id, data)
){strict};

-- Telegram's ids of pictures sent before; the key is a digest of what is drawn.
CREATE TABLE picture_file (
    key TEXT NOT NULL CONSTRAINT picture_file_pk PRIMARY KEY,
    file_id TEXT NOT NULL,
    kept_at {int} NOT NULL
){strict};
