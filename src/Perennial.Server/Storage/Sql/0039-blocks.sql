-- What is refused everywhere.
CREATE TABLE block (
    kind            INTEGER NOT NULL,            -- 0 certificate, 1 issuer, 2 device
    name            TEXT    NOT NULL,            -- thumbprint or registration id, in lower case
    subject         BLOB,                        -- of an issuer: SHA-256 of its name
    der             BLOB,                        -- of an issuer
    reason          TEXT    NOT NULL,
    actor           TEXT    NOT NULL,
    at              INTEGER NOT NULL,
    PRIMARY KEY (kind, name)
) WITHOUT ROWID;

CREATE INDEX block_subject ON block (subject) WHERE subject IS NOT NULL;
