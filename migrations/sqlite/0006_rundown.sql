-- How a show takes its turns, where that is not as its template does, as JSON. What is not in it is
-- the template's own.
ALTER TABLE show ADD COLUMN rundown TEXT NOT NULL DEFAULT '{}';
