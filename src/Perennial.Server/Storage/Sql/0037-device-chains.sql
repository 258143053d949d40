-- Classes of chains: what the attestation function says is the same for every chain of a class, but for the end of its leaf.
CREATE TABLE chain_class (
    number          INTEGER PRIMARY KEY AUTOINCREMENT,
    digest          BLOB    NOT NULL UNIQUE
);

-- One row a device, by registration id in lower case: the last chain that an enrollment accepted, and the hub that follows its enrollment.
CREATE TABLE device_chain (
    device          TEXT    NOT NULL PRIMARY KEY,
    name            TEXT    NOT NULL,            -- as the device spells itself
    hub             TEXT    NOT NULL,            -- '' when no identity of a hub follows the device's enrollment
    standing        INTEGER NOT NULL,            -- 0 counts with its class, 1 an individual enrollment decides, 2 is judged alone
    shape           BLOB,                        -- SHA-256 of anchor and issuers; null until a chain was accepted
    class           INTEGER,
    leaf            BLOB,
    issuers         BLOB,                        -- thumbprints, one after the other
    not_after       INTEGER,                     -- of the leaf, UTC ticks
    last_day        INTEGER,                     -- of the leaf, days
    at              INTEGER
) WITHOUT ROWID;

CREATE INDEX device_chain_lot ON device_chain (class, hub, last_day, not_after, device) WHERE standing = 0;

CREATE INDEX device_chain_alone ON device_chain (device) WHERE standing = 2;
