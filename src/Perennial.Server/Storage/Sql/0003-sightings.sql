CREATE TABLE presented_certificate (
    thumbprint      BLOB    NOT NULL PRIMARY KEY,
    der             BLOB    NOT NULL
) WITHOUT ROWID;

-- One row a device: how many sightings there were, and the last one that was accepted by an enrollment.
CREATE TABLE sighted_device (
    device          TEXT    NOT NULL PRIMARY KEY,
    count           INTEGER NOT NULL,
    anchor          BLOB,
    accepted        INTEGER,
    seen            INTEGER NOT NULL
) WITHOUT ROWID;

CREATE INDEX sighted_device_refused ON sighted_device (seen) WHERE accepted IS NULL;

-- A ring of the last sightings: position = count modulo the ring's size.
CREATE TABLE sighting (
    device          TEXT    NOT NULL,
    position        INTEGER NOT NULL,
    at              INTEGER NOT NULL,
    document        TEXT    NOT NULL,
    PRIMARY KEY (device, position)
) WITHOUT ROWID;

-- The last sighting by each slot, which outlives the ring.
CREATE TABLE slot_sighting (
    device          TEXT    NOT NULL,
    enrollment_kind INTEGER NOT NULL,
    enrollment_key  TEXT    NOT NULL,
    slot            INTEGER NOT NULL,
    at              INTEGER NOT NULL,
    document        TEXT    NOT NULL,
    PRIMARY KEY (device, enrollment_kind, enrollment_key, slot)
) WITHOUT ROWID;
