-- The signed reports of rolls that ended, each naming the one before by its hash. None is ever changed.
CREATE TABLE roll_proof (
    number          INTEGER PRIMARY KEY AUTOINCREMENT,
    roll            TEXT    NOT NULL,
    version         INTEGER NOT NULL,                -- of the roll when it ended: one that was turned back ends twice
    hash            TEXT    NOT NULL,
    document        TEXT    NOT NULL,
    html            TEXT    NOT NULL
);

CREATE UNIQUE INDEX roll_proof_roll ON roll_proof (roll, version);
