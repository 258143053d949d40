CREATE TABLE roll (
    id              TEXT    NOT NULL PRIMARY KEY,    -- in lower case
    state           INTEGER NOT NULL,
    version         INTEGER NOT NULL,
    wave            INTEGER NOT NULL,
    document        TEXT    NOT NULL
) WITHOUT ROWID;

CREATE INDEX roll_state ON roll (state, id);

-- The devices of rolls. That a device has moved stands nowhere here: its last accepted sighting says so.
CREATE TABLE roll_device (
    roll            TEXT    NOT NULL,
    device          TEXT    NOT NULL,                -- registration id in lower case
    place           INTEGER NOT NULL,                -- 0 for a named canary, 1 for the others
    old             BLOB    NOT NULL,                -- what is to be retired: the leaf, or the signing certificate
    wave            INTEGER,
    offered         INTEGER,
    sent            INTEGER NOT NULL DEFAULT 0,      -- 1 when the offer was sent, 2 when it was withdrawn
    failure         TEXT,
    waiver          TEXT,
    retired         INTEGER NOT NULL DEFAULT 0,      -- 1 when the old leaf was retired
    PRIMARY KEY (roll, device),
    FOREIGN KEY (roll) REFERENCES roll (id) ON DELETE CASCADE
) WITHOUT ROWID;

CREATE INDEX roll_device_next ON roll_device (roll, place, device) WHERE wave IS NULL AND waiver IS NULL;

CREATE INDEX roll_device_wave ON roll_device (roll, wave, offered);
