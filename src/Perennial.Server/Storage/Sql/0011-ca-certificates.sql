-- CA certificates that groups refer to by name.
CREATE TABLE ca_certificate (
    key             TEXT    NOT NULL PRIMARY KEY,
    etag            TEXT    NOT NULL,
    verified        INTEGER NOT NULL,
    subject         BLOB    NOT NULL,            -- SHA-256 of the subject's DER
    der             BLOB    NOT NULL,
    document        TEXT    NOT NULL
) WITHOUT ROWID;

CREATE INDEX ca_certificate_subject ON ca_certificate (subject, verified);

-- What groups refer to; the certificate may be gone. A name stands in one group only.
CREATE TABLE enrollment_reference (
    kind            INTEGER NOT NULL,
    key             TEXT    NOT NULL,
    slot            INTEGER NOT NULL,            -- 0 primary, 1 secondary
    ca              TEXT    NOT NULL UNIQUE,
    name            TEXT    NOT NULL,            -- as it was spelled
    PRIMARY KEY (kind, key, slot),
    FOREIGN KEY (kind, key) REFERENCES enrollment (kind, key) ON DELETE CASCADE
) WITHOUT ROWID;
