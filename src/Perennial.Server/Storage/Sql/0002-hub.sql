-- Several logical hubs share one database: the hub's name stands in each key. Device ids are compared with case.
CREATE TABLE device (
    hub             TEXT    NOT NULL,
    id              TEXT    NOT NULL,
    etag            TEXT    NOT NULL,
    enabled         INTEGER NOT NULL,
    document        TEXT    NOT NULL,
    PRIMARY KEY (hub, id)
) WITHOUT ROWID;

CREATE INDEX device_enabled ON device (hub, enabled);

CREATE TABLE twin (
    hub                 TEXT    NOT NULL,
    id                  TEXT    NOT NULL,
    version             INTEGER NOT NULL,
    revision            INTEGER NOT NULL,
    model               TEXT    NOT NULL,
    tags                TEXT    NOT NULL,
    desired             TEXT    NOT NULL,
    desired_metadata    TEXT    NOT NULL,
    desired_version     INTEGER NOT NULL,
    reported            TEXT    NOT NULL,
    reported_metadata   TEXT    NOT NULL,
    reported_version    INTEGER NOT NULL,
    PRIMARY KEY (hub, id)
);

-- What devices subscribed to in a session that outlives their connections.
CREATE TABLE subscription (
    hub             TEXT    NOT NULL,
    id              TEXT    NOT NULL,
    filter          TEXT    NOT NULL,
    qos             INTEGER NOT NULL,
    PRIMARY KEY (hub, id, filter)
) WITHOUT ROWID;

CREATE TABLE feed (
    number          INTEGER NOT NULL PRIMARY KEY,
    hub             TEXT    NOT NULL UNIQUE
);

-- place = number of the feed * 2^40 + sequence: the messages of a feed lie together, in order, without an index of their own.
-- total = sum of the sizes up to and with this message, so that what a feed holds is a difference of two rows.
CREATE TABLE telemetry (
    place           INTEGER NOT NULL PRIMARY KEY,
    size            INTEGER NOT NULL,
    total           INTEGER NOT NULL,
    device          TEXT    NOT NULL,
    generation      TEXT    NOT NULL,
    authentication  TEXT    NOT NULL,               -- scope/type/issuer
    enqueued        INTEGER NOT NULL,               -- UTC ticks
    properties      TEXT,                           -- JSON; null for none
    body            BLOB    NOT NULL
);
