-- Times are UTC ticks. Ids that are compared without case are kept twice: as key in lower case and as first spelled.
CREATE TABLE enrollment (
    kind            INTEGER NOT NULL,            -- 0 individual, 1 group
    key             TEXT    NOT NULL,
    etag            TEXT    NOT NULL,
    created         INTEGER NOT NULL,
    document        TEXT    NOT NULL,            -- all but the certificates
    PRIMARY KEY (kind, key)
) WITHOUT ROWID;

CREATE TABLE enrollment_certificate (
    kind            INTEGER NOT NULL,
    key             TEXT    NOT NULL,
    slot            INTEGER NOT NULL,            -- 0 primary, 1 secondary
    thumbprint      BLOB    NOT NULL UNIQUE,     -- a certificate stands in one enrollment only
    subject         BLOB    NOT NULL,            -- SHA-256 of the subject's DER
    der             BLOB    NOT NULL,
    PRIMARY KEY (kind, key, slot),
    FOREIGN KEY (kind, key) REFERENCES enrollment (kind, key) ON DELETE CASCADE
) WITHOUT ROWID;

CREATE INDEX enrollment_certificate_subject ON enrollment_certificate (subject, kind);

CREATE TABLE registration (
    key                 TEXT    NOT NULL PRIMARY KEY,
    etag                TEXT    NOT NULL,
    enrollment_kind     INTEGER NOT NULL,
    enrollment_key      TEXT    NOT NULL,
    document            TEXT    NOT NULL
) WITHOUT ROWID;

CREATE INDEX registration_enrollment ON registration (enrollment_kind, enrollment_key, key);

CREATE TABLE audit (
    number          INTEGER PRIMARY KEY AUTOINCREMENT,
    at              INTEGER NOT NULL,
    actor           TEXT    NOT NULL,
    action          TEXT    NOT NULL,
    subject         TEXT    NOT NULL,
    before          TEXT,
    after           TEXT
);
