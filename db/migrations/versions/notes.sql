-- What staff noted about members: observed, never what members said of themselves (profile_field).
-- file_kind '': words alone. corrected_at 0: as it was noted; else the member has put it right. store_id 0: no store in particular.
CREATE TABLE member_note (
    id {id},
    member_id {int} NOT NULL CONSTRAINT member_note_member_fk REFERENCES member (id),
    field TEXT NOT NULL CONSTRAINT member_note_field_known
        CHECK (field IN ('likes', 'sizes', 'colours', 'brands', 'allergies', 'wishes', 'other')),
    words_sealed {blob} NOT NULL,
    file_kind TEXT NOT NULL DEFAULT '',
    file_id_sealed {blob} NOT NULL,
    store_id {int} NOT NULL DEFAULT 0,
    noted_by {int} NOT NULL,
    noted_at {int} NOT NULL,
    corrected_at {int} NOT NULL DEFAULT 0
){strict};

CREATE INDEX member_note_member ON member_note (member_id, id);
