-- Bytes of a file whose time is over are gone from the store; the row that batches name says when.
GRANT UPDATE (expires_at) ON platform.file TO wengang_worker;
