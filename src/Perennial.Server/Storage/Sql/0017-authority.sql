-- What certificates are issued like, by the name that enrollments give.
CREATE TABLE certificate_profile (
    key             TEXT    NOT NULL PRIMARY KEY,
    etag            TEXT    NOT NULL,
    document        TEXT    NOT NULL
) WITHOUT ROWID;

-- Issuing authorities. A slot's state goes forward only: 0 prepared, 1 active, 2 old, 3 revoked.
CREATE TABLE issuer_slot (
    id              TEXT    NOT NULL PRIMARY KEY,
    issuer          TEXT    NOT NULL,            -- in lower case
    state           INTEGER NOT NULL,
    version         INTEGER NOT NULL,
    certificate     BLOB,
    document        TEXT    NOT NULL             -- all but certificate, state and version
) WITHOUT ROWID;

CREATE UNIQUE INDEX issuer_slot_active ON issuer_slot (issuer) WHERE state = 1;

CREATE TABLE issuer_journal (
    number          INTEGER PRIMARY KEY AUTOINCREMENT,
    at              INTEGER NOT NULL,
    slot            TEXT    NOT NULL,
    state           INTEGER NOT NULL,            -- the state that the slot came to
    actor           TEXT    NOT NULL,
    reason          TEXT    NOT NULL
);

-- Every signature that was intended: 0 intended, 1 issued, 2 abandoned, 3 revoked.
CREATE TABLE issuance (
    slot            TEXT    NOT NULL,
    serial          TEXT    NOT NULL,
    state           INTEGER NOT NULL,
    at              INTEGER NOT NULL,
    profile         TEXT    NOT NULL,            -- in lower case
    device          TEXT    NOT NULL,            -- in lower case
    name            TEXT    NOT NULL,            -- the device as it is spelled
    subject_key     BLOB    NOT NULL,            -- SHA-256 of the public key
    not_after       INTEGER NOT NULL,
    actor           TEXT    NOT NULL,
    idempotency     TEXT,
    planned         BLOB,                        -- the bytes to sign, until the certificate is here
    certificate     BLOB,
    remark          TEXT,                        -- why it was abandoned
    revoked         INTEGER,
    reason          INTEGER,                     -- of the revocation, RFC 5280 section 5.3.1
    PRIMARY KEY (slot, serial)
) WITHOUT ROWID;

CREATE INDEX issuance_device ON issuance (device, at);

CREATE INDEX issuance_revoked ON issuance (slot, state, not_after) WHERE state = 3;
