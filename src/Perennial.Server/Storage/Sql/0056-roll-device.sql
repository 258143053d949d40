-- The rolls of a device.
CREATE INDEX roll_device_device ON roll_device (device, roll);
