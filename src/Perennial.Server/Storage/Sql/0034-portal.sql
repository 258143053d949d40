-- Who may use the portal. Names are compared without case.
CREATE TABLE portal_user (
    key             TEXT    NOT NULL PRIMARY KEY,
    name            TEXT    NOT NULL,
    role            INTEGER NOT NULL,            -- 0 reader, 1 operator, 2 administrator
    is_external     INTEGER NOT NULL,            -- 1: signs in at the OpenID provider
    password        TEXT,                        -- a hash; null for who has none
    code_secret     BLOB,                        -- of the one-time codes
    code_step       INTEGER NOT NULL,            -- the last code that was used
    created         INTEGER NOT NULL,
    signed_in       INTEGER
) WITHOUT ROWID;

-- One-time tokens with which a user sets a password.
CREATE TABLE portal_invitation (
    token           BLOB    NOT NULL PRIMARY KEY,    -- SHA-256
    name            TEXT,                            -- null: whoever comes chooses
    role            INTEGER NOT NULL,
    code_secret     BLOB,                            -- null: signs in without codes
    needs_password  INTEGER NOT NULL,
    ends            INTEGER
) WITHOUT ROWID;

CREATE TABLE portal_session (
    token           BLOB    NOT NULL PRIMARY KEY,    -- SHA-256
    user_key        TEXT    NOT NULL,
    started         INTEGER NOT NULL,
    seen            INTEGER NOT NULL
) WITHOUT ROWID;

CREATE INDEX portal_session_user ON portal_session (user_key);

CREATE INDEX portal_session_seen ON portal_session (seen);

-- Failed attempts to sign in, by the name that was tried, whether there is such a user or not.
CREATE TABLE portal_attempt (
    key             TEXT    NOT NULL PRIMARY KEY,
    failures        INTEGER NOT NULL,
    at              INTEGER NOT NULL,
    locked_until    INTEGER NOT NULL
) WITHOUT ROWID;

CREATE INDEX portal_attempt_at ON portal_attempt (at);

-- What lists of enrollments are filtered by. Null until the server has read it from a row of before.
ALTER TABLE enrollment ADD COLUMN enabled INTEGER;             -- 1 enabled

ALTER TABLE enrollment ADD COLUMN attestation INTEGER;         -- 0 X.509 certificates, 1 CA references, 2 symmetric keys, 3 TPM

ALTER TABLE enrollment ADD COLUMN state INTEGER;               -- of an individual enrollment's device when it was last looked at

CREATE INDEX enrollment_disabled ON enrollment (kind, key) WHERE enabled = 0;

CREATE INDEX enrollment_attestation ON enrollment (kind, attestation, key);

CREATE INDEX enrollment_state ON enrollment (kind, state, key);

-- When the leaf ends that a device was last accepted with.
ALTER TABLE sighted_device ADD COLUMN leaf_ends INTEGER;       -- UTC ticks
