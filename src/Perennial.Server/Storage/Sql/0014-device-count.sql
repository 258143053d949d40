-- How many devices a hub has, kept with each write, so that nobody counts a million rows. Modules do not count.
CREATE TABLE device_count (
    hub             TEXT    NOT NULL,
    enabled         INTEGER NOT NULL,
    n               INTEGER NOT NULL,
    PRIMARY KEY (hub, enabled)
) WITHOUT ROWID;

INSERT INTO device_count (hub, enabled, n) SELECT hub, enabled, count(*) FROM device WHERE module = 0 GROUP BY hub, enabled;

-- Devices of one status, by id.
DROP INDEX device_enabled;
CREATE INDEX device_status ON device (hub, module, enabled, id);
