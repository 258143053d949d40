-- Enrollments by id without their documents: lists of a million are counted and searched in it.
CREATE INDEX enrollment_list ON enrollment (kind, key, enabled, state);
