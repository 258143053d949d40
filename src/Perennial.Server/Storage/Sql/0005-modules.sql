-- A module of a device is a row of its own, with the id device/module.
ALTER TABLE device ADD COLUMN module INTEGER NOT NULL DEFAULT 0;     -- 1 for a module

DROP INDEX device_enabled;
CREATE INDEX device_enabled ON device (hub, module, enabled);
CREATE INDEX device_listed ON device (hub, module, id);
