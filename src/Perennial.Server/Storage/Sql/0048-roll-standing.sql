-- What was last seen of a device stands beside it while its roll has not ended; the transaction of each sighting writes it.
ALTER TABLE roll_device ADD COLUMN new BLOB;                       -- what the device is to be seen with; null for leaves: any but the old one

ALTER TABLE roll_device ADD COLUMN live INTEGER NOT NULL DEFAULT 2;   -- 2 is to be read, 1 is kept up to date, 0 stands as it was when the roll ended

ALTER TABLE roll_device ADD COLUMN moved INTEGER NOT NULL DEFAULT 0;

ALTER TABLE roll_device ADD COLUMN refused INTEGER NOT NULL DEFAULT 0;   -- 1 when it was refused when it was last seen

ALTER TABLE roll_device ADD COLUMN accepted INTEGER;

ALTER TABLE roll_device ADD COLUMN seen INTEGER;

ALTER TABLE roll_device ADD COLUMN leaf_end INTEGER;

ALTER TABLE roll_device ADD COLUMN opens INTEGER;                  -- when the window begins that it was told

ALTER TABLE roll_device ADD COLUMN back INTEGER NOT NULL DEFAULT 0;   -- 1 when the device goes back with its roll: new is what it is to be seen with then

ALTER TABLE roll ADD COLUMN settled INTEGER NOT NULL DEFAULT 0;    -- 1 when an ended roll has nothing more to do

CREATE INDEX roll_unsettled ON roll (state, id) WHERE settled = 0;

CREATE INDEX roll_device_live ON roll_device (device) WHERE live > 0;

CREATE INDEX roll_device_unread ON roll_device (roll, device) WHERE live = 2;

CREATE INDEX roll_device_unsent ON roll_device (roll, device) WHERE wave IS NOT NULL AND sent = 0;

CREATE INDEX roll_device_forward ON roll_device (roll, device) WHERE back = 0;

CREATE INDEX roll_device_withdrawn ON roll_device (roll, device) WHERE sent = 3;   -- told to go on, and the roll goes back

CREATE INDEX roll_device_offered ON roll_device (roll, device) WHERE sent = 1 AND moved = 0;

DROP INDEX roll_device_next;

CREATE INDEX roll_device_next ON roll_device (roll, place, device) WHERE wave IS NULL AND waiver IS NULL AND moved = 0;

CREATE INDEX roll_device_at ON roll_device (roll, offered) WHERE sent > 0;

CREATE INDEX roll_device_moved ON roll_device (roll, wave) WHERE moved = 1;

CREATE INDEX roll_device_waived ON roll_device (roll, wave) WHERE waiver IS NOT NULL;

CREATE INDEX roll_device_failing ON roll_device (roll, wave) WHERE moved = 0 AND waiver IS NULL AND failure IS NOT NULL;

CREATE INDEX roll_device_refused ON roll_device (roll, wave) WHERE waiver IS NULL AND refused = 1;

CREATE INDEX roll_device_lost ON roll_device (roll, wave, opens, seen) WHERE moved = 0 AND waiver IS NULL;

CREATE INDEX roll_device_open ON roll_device (roll, wave, leaf_end) WHERE moved = 0 AND waiver IS NULL;

CREATE INDEX roll_device_mended ON roll_device (roll, device) WHERE moved = 1 AND failure IS NOT NULL;
