-- Breaches that operators deal with, step by step. How far each is, blocks and enrollments say.
CREATE TABLE breach (
    id              TEXT    NOT NULL PRIMARY KEY,
    way             INTEGER NOT NULL,            -- the procedure: 0 leaf of an individual enrollment, 1 leaf of a group, 2 intermediate, 3 root
    kind            INTEGER NOT NULL,            -- of the enrollment
    enrollment      TEXT    NOT NULL,            -- its id as it was spelled
    device          TEXT,                        -- registration id of the one device; null for all
    der             BLOB    NOT NULL,            -- the compromised certificate
    reason          TEXT    NOT NULL,
    actor           TEXT    NOT NULL,
    at              INTEGER NOT NULL,
    closed          INTEGER
) WITHOUT ROWID;

CREATE INDEX breach_open ON breach (closed, at);
