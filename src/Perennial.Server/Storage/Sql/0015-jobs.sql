CREATE TABLE job (
    hub             TEXT    NOT NULL,
    id              TEXT    NOT NULL,
    kind            INTEGER NOT NULL,            -- 0 twin update, 1 method
    status          INTEGER NOT NULL,            -- 0 scheduled, 1 running, 2 completed, 3 failed, 4 cancelled
    start           INTEGER NOT NULL,            -- UTC ticks
    ended           INTEGER,                     -- UTC ticks
    document        TEXT    NOT NULL,
    PRIMARY KEY (hub, id)
) WITHOUT ROWID;

CREATE INDEX job_status ON job (hub, status, start);

CREATE TABLE job_device (
    hub             TEXT    NOT NULL,
    job             TEXT    NOT NULL,
    id              TEXT    NOT NULL,
    kind            INTEGER NOT NULL,
    status          INTEGER NOT NULL,            -- 0 pending, 1 running, 2 completed, 3 failed, 4 cancelled
    created         INTEGER NOT NULL,            -- UTC ticks
    started         INTEGER,
    ended           INTEGER,
    answer          TEXT,                        -- JSON
    failure         TEXT,
    PRIMARY KEY (hub, job, id)
) WITHOUT ROWID;

CREATE INDEX job_device_status ON job_device (hub, job, status, id);
