-- Whom to tell, what there is to tell, and what of it is told.
CREATE TABLE webhook (
    name            TEXT    NOT NULL PRIMARY KEY,
    etag            TEXT    NOT NULL,
    url             TEXT    NOT NULL,
    kinds           INTEGER NOT NULL,            -- a bit for each kind of notice
    enabled         INTEGER NOT NULL,
    primary_key     BLOB    NOT NULL,
    secondary_key   BLOB    NOT NULL
) WITHOUT ROWID;

CREATE TABLE notice (
    id              TEXT    NOT NULL PRIMARY KEY,
    subject         TEXT    NOT NULL UNIQUE,     -- what it is about: the same is told once
    kind            INTEGER NOT NULL,
    at              INTEGER NOT NULL,            -- UTC ticks
    body            TEXT    NOT NULL
) WITHOUT ROWID;

CREATE INDEX notice_at ON notice (at);

CREATE TABLE delivery (
    webhook         TEXT    NOT NULL,
    notice          TEXT    NOT NULL,
    state           INTEGER NOT NULL,            -- 0 waiting, 1 delivered, 2 given up
    tries           INTEGER NOT NULL,
    due             INTEGER NOT NULL,            -- UTC ticks of the next try, or of the last one
    fault           TEXT,
    PRIMARY KEY (webhook, notice)
) WITHOUT ROWID;

CREATE INDEX delivery_due ON delivery (due) WHERE state = 0;
