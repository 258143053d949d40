-- Secrets that this service made for itself, and that all its nodes share.
CREATE TABLE service_secret (
    name            TEXT    NOT NULL PRIMARY KEY,
    value           BLOB    NOT NULL
) WITHOUT ROWID;
