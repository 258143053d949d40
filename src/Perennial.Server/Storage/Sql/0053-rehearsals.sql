-- The last rehearsal of each roll.
CREATE TABLE rehearsal (
    roll            TEXT    NOT NULL PRIMARY KEY,
    id              TEXT    NOT NULL,
    state           INTEGER NOT NULL,
    progress        INTEGER NOT NULL,                -- in thousandths
    document        TEXT    NOT NULL,
    FOREIGN KEY (roll) REFERENCES roll (id) ON DELETE CASCADE
) WITHOUT ROWID;

-- The devices that would be lost in it, in the order in which they would be.
CREATE TABLE rehearsal_lost (
    roll            TEXT    NOT NULL,
    place           INTEGER NOT NULL,
    device          TEXT    NOT NULL,
    at              INTEGER NOT NULL,
    reason          TEXT    NOT NULL,
    PRIMARY KEY (roll, place),
    FOREIGN KEY (roll) REFERENCES rehearsal (roll) ON DELETE CASCADE
) WITHOUT ROWID;
