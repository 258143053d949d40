-- Messages that wait for devices. due = when something happens by itself: the lock ends, or else the life.
CREATE TABLE devicebound (
    number          INTEGER PRIMARY KEY AUTOINCREMENT,
    hub             TEXT    NOT NULL,
    device          TEXT    NOT NULL,
    generation      TEXT    NOT NULL,
    message         TEXT    NOT NULL,
    feedback        INTEGER NOT NULL,               -- 0 none, 1 positive, 2 negative, 3 both
    enqueued        INTEGER NOT NULL,
    expires         INTEGER NOT NULL,
    deliveries      INTEGER NOT NULL,
    held            TEXT,                           -- the lock
    due             INTEGER NOT NULL,
    properties      TEXT,                           -- JSON; null for none
    body            BLOB    NOT NULL
);

CREATE INDEX devicebound_device ON devicebound (hub, device, number);

CREATE INDEX devicebound_due ON devicebound (hub, due);

-- How messages ended, for their senders.
CREATE TABLE feedback (
    number          INTEGER PRIMARY KEY AUTOINCREMENT,
    hub             TEXT    NOT NULL,
    at              INTEGER NOT NULL,
    device          TEXT    NOT NULL,
    generation      TEXT    NOT NULL,
    message         TEXT    NOT NULL,
    outcome         INTEGER NOT NULL,               -- 0 success, 1 expired, 2 delivery count exceeded, 3 rejected, 4 purged
    held            TEXT,                           -- the lock
    held_until      INTEGER NOT NULL                -- 0 without a lock
);

CREATE INDEX feedback_at ON feedback (hub, at);

CREATE INDEX feedback_held ON feedback (hub, held_until, number);
