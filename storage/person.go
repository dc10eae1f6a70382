package storage

import (
	"errors"
	"iter"

	"spasmbot/flows"
)

// OfPerson lets a reader see what is kept of one person, and nothing of others: its
// walks pass over them, unless the reader itself knows how to find what is theirs.
func OfPerson(r Reader, user int64) Reader {
	if finds, ok := r.(interface{ OfPerson(user int64) Reader }); ok {
		r = finds.OfPerson(user)
	}
	return ofPerson{r, user}
}

type ofPerson struct {
	Reader
	user int64
}

func (r ofPerson) States() iter.Seq2[flows.State, error] {
	return only(r.Reader.States(), func(s flows.State) bool { return s.User == r.user })
}

func (r ofPerson) Episodes() iter.Seq2[Episode, error] {
	return only(r.Reader.Episodes(), func(e Episode) bool { return e.User == r.user })
}

func (r ofPerson) Entries() iter.Seq2[Entry, error] {
	return only(r.Reader.Entries(), func(e Entry) bool { return e.User == r.user })
}

func (r ofPerson) Reminders() iter.Seq2[Reminder, error] {
	return only(r.Reader.Reminders(), func(rem Reminder) bool { return rem.User == r.user })
}

func (r ofPerson) Messages() iter.Seq2[Message, error] {
	return only(r.Reader.Messages(), func(m Message) bool { return m.User == r.user })
}

func (r ofPerson) Quarantined() iter.Seq2[Quarantined, error] {
	return only(r.Reader.Quarantined(), func(q Quarantined) bool { return q.Names(r.user) })
}

// Kept counts the records that a reader sees.
func Kept(r Reader) (n Forgotten, err error) {
	err = errors.Join(
		number(r.States(), &n.States), number(r.Episodes(), &n.Episodes), number(r.Entries(), &n.Entries),
		number(r.Reminders(), &n.Reminders), number(r.Messages(), &n.Messages), number(r.Quarantined(), &n.Quarantined),
	)
	return n, err
}

func number[T any](all iter.Seq2[T, error], n *int) error {
	for _, err := range all {
		if err != nil {
			return err
		}
		*n++
	}
	return nil
}

func only[T any](all iter.Seq2[T, error], which func(T) bool) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for v, err := range all {
			if (err != nil || which(v)) && !yield(v, err) {
				return
			}
		}
	}
}
