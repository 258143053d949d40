-- The rolls of one device: it reports, and it registers.
CREATE INDEX roll_device_name ON roll_device (device, roll);

-- Those that are to be forgotten when the device has moved.
CREATE INDEX roll_device_failed ON roll_device (roll, device) WHERE failure IS NOT NULL;
