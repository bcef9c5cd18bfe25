-- What a start asks of a stream's reads, so that it takes as long after ten million as after ten.
--
-- Way back: migrations/README.md.

-- The reads that came without a date, by the date they were given.
CREATE INDEX read_undated ON read (stream_key, wall) WHERE NOT dated;

-- The newest reads of a location, also of one that nobody has passed for hours.
CREATE INDEX read_by_location ON read (stream_key, location, wall);
