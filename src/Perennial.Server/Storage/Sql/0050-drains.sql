-- A block with a rate is a drain: its devices may obtain a new certificate, and nothing else.
ALTER TABLE block ADD COLUMN rate INTEGER;                     -- devices let through in a minute; null for a cut

ALTER TABLE block ADD COLUMN turns INTEGER;                    -- the order: 0 seen last, 1 valid longest

ALTER TABLE block ADD COLUMN names TEXT;                       -- devices that come before all others, with commas between

ALTER TABLE block ADD COLUMN unseen INTEGER;                   -- 1 when leaves are served that were not accepted before

ALTER TABLE block ADD COLUMN ordered INTEGER;                  -- since when turns are given; null while devices are put in order

-- The devices that a drain concerned when it began.
CREATE TABLE drain_device (
    kind            INTEGER NOT NULL,
    name            TEXT    NOT NULL,            -- of the block
    device          TEXT    NOT NULL,            -- registration id, in lower case
    leaf            BLOB,                        -- SHA-256 of the leaf that it was accepted with before
    risk            INTEGER NOT NULL,            -- the lower, the earlier
    place           INTEGER,                     -- in the order, from 0
    admitted        INTEGER,                     -- when it had its turn
    PRIMARY KEY (kind, name, device)
) WITHOUT ROWID;

CREATE INDEX drain_admitted ON drain_device (kind, name, admitted) WHERE admitted IS NOT NULL;
