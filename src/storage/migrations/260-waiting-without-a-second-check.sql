-- The log's own foreign key asks for the record when it is logged. A second one here locked each new record once more: a twentieth of the time of an append.
alter table record_to_log drop constraint record_to_log_record_id_fkey;
comment on table record_to_log is 'Records committed and not in the log yet, written in the statement that makes the record. The sequencer takes them out in the transaction that logs them.';
