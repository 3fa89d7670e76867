-- The last day of a manager who leaves; after it they are out of the overviews.

ALTER TABLE managers ADD COLUMN leaving_on TEXT;
