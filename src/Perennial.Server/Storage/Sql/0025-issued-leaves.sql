-- Leaves that devices obtained under their enrollment. Of a device's leaves those count that are not retired: the use of one retires those before it.
CREATE TABLE issued_leaf (
    thumbprint      BLOB    NOT NULL PRIMARY KEY,
    kind            INTEGER NOT NULL,
    key             TEXT    NOT NULL,
    registration    TEXT    NOT NULL,            -- in lower case
    name            TEXT    NOT NULL,            -- the registration id as it is spelled
    chain           TEXT    NOT NULL,            -- PEM, the leaf first
    request         BLOB    NOT NULL,            -- SHA-256 of the signing request
    alone           INTEGER NOT NULL,            -- 1 when it counts by this row and not by the enrollment's certificates
    issued          INTEGER NOT NULL,
    number          INTEGER NOT NULL,            -- counts the leaves of a device
    proven          INTEGER,
    retired         INTEGER,
    beside          BLOB,                        -- SHA-256 of the certificate in the other slot when it was placed, which its use retires
    operation       TEXT,                        -- the registration that told the device of it
    FOREIGN KEY (kind, key) REFERENCES enrollment (kind, key) ON DELETE CASCADE
) WITHOUT ROWID;

CREATE UNIQUE INDEX issued_leaf_device ON issued_leaf (registration, number);

CREATE INDEX issued_leaf_enrollment ON issued_leaf (kind, key);
