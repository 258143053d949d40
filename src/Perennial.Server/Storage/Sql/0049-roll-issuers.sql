-- Rolls of an issuing authority: a device has moved when its last accepted leaf was issued by the new slot.
ALTER TABLE roll_device ADD COLUMN issuer TEXT;                    -- the new slot; null for rolls of other kinds

ALTER TABLE roll_device ADD COLUMN old_issuer TEXT;

-- What the service was measured to bear.
CREATE TABLE capacity (
    name            TEXT    NOT NULL PRIMARY KEY,    -- authority, provisioning, hub
    per_minute      INTEGER NOT NULL,
    at              INTEGER NOT NULL,
    how             TEXT    NOT NULL
) WITHOUT ROWID;
