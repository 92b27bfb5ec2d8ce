-- What people said of people goes when its time is over; that something was done, when and by whom stays.
GRANT UPDATE (party, note, file_name) ON oversight.finding_event TO wengang_worker;
