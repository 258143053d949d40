-- Revocation lists; the newest of a slot is served.
CREATE TABLE revocation_list (
    slot            TEXT    NOT NULL,
    number          INTEGER NOT NULL,
    der             BLOB    NOT NULL,
    issued          INTEGER NOT NULL,
    next_update     INTEGER NOT NULL,
    changes         INTEGER NOT NULL,            -- revocations of the slot when it was issued
    PRIMARY KEY (slot)
) WITHOUT ROWID;
