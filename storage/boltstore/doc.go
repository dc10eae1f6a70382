// Package boltstore keeps everything in one file, through bbolt: a B+tree with
// copy-on-write pages and one writer. It fulfils [storage.Store] and is the
// only package that knows bbolt.
//
// A single goroutine commits. It takes whatever calls of Update are waiting,
// runs them one after the other in one bbolt transaction and answers all of
// them after one commit; under load the cost of two fdatasyncs is shared, and
// nobody ever waits for a timer. A function that fails is taken out, what it
// had written is rolled back, and the others run again without it.
//
// # Layout
//
// Keys have a fixed width and sort as bytes the way their meaning sorts. Records
// are those of package record; "spasmbot export" and "spasmbot status" show what
// is in a file.
//
//	meta        magic, schema version, poll offset, state of the seen marks, owed clearing
//	people      user                → the state, and the rows at hand
//	history     user, chunk         → rows that will not change any more
//	episodes    user, number        → storage.Episode
//	due         due time, user, id  → nothing: the reminders that are armed
//	unsent      user, number        → nothing: the messages still to go out
//	seen-0 -1   first update id     → the last of its run: two generations of marks
//	files       key                 → what the messenger calls a file
//	quarantine  order of arrival    → storage.Quarantined, the newest 1000
//
// A row is an entry of the timeline, a reminder or a message. A turn of one
// person changes their state and a few of their newest rows, all in one record
// of about a page. What will not change any more moves on to the history once
// there is a kilobyte of it.
//
// Nothing is mirrored in memory but some hundred records of the last commits, and
// nothing is scanned when a large file is opened, so both stay cheap with a
// million reminders pending. The file is mapped into memory, and the pages that
// were read are handed back to the system every few hundred records.
//
// # Caveats
//
// The file never shrinks. Every change leaves free pages for later ones, and what
// they held stays readable in the file until a page is used again. After Forget
// and Prune all free pages are overwritten with zeros, step by step, once nobody
// reads who has begun before; after a crash, when the file is opened again. What
// else changed is left to chance. Copies of the file, and what a disk or a file
// system keeps of overwritten blocks, are out of reach: treat the file, and every
// copy of it, as health data.
//
// An old View makes the file grow, and holds up the writer whenever the file
// has to be mapped again. Keep it short, call neither Update nor View inside
// View, and call neither of them inside Update: it would wait for itself.
//
// Pages carry no checksum. Damage to their structure is found, at the latest
// when the page is read; a flipped letter within a text is not.
//
// Never copy the file while a process has it open: pages of different commits
// would be mixed. Stop the process first.
//
// The file has to stay where it is while a process has it open: one that is
// deleted, replaced or cut short takes no more, and every call says so.
//
// One process at a time. A lock on the file sees to that, which makes network
// file systems (NFS, SMB) unsuitable: their locks and their memory mapping do
// not hold what bbolt needs.
//
// ext4 with the fast_commit feature loses synced data in a crash on Linux
// before 5.10.94 and 5.15.27.
package boltstore
