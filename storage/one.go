package storage

import (
	"iter"

	"spasmbot/flows"
)

// Of is a reader whose walks go over the records of one person alone, and over no
// updates in quarantine: nobody knows whose these are. A walk looks at everybody before.
func Of(r Reader, user int64) Reader { return one{r, user} }

type one struct {
	Reader
	user int64
}

func (o one) States() iter.Seq2[flows.State, error] {
	return of(o.Reader.States(), o.user, func(s flows.State) int64 { return s.User })
}

func (o one) Episodes() iter.Seq2[Episode, error] {
	return of(o.Reader.Episodes(), o.user, func(e Episode) int64 { return e.User })
}

func (o one) Entries() iter.Seq2[Entry, error] {
	return of(o.Reader.Entries(), o.user, func(e Entry) int64 { return e.User })
}

func (o one) Reminders() iter.Seq2[Reminder, error] {
	return of(o.Reader.Reminders(), o.user, func(r Reminder) int64 { return r.User })
}

func (o one) Messages() iter.Seq2[Message, error] {
	return of(o.Reader.Messages(), o.user, func(m Message) int64 { return m.User })
}

func (o one) Quarantined() iter.Seq2[Quarantined, error] {
	return func(func(Quarantined, error) bool) {}
}

// of are those of a walk that belong to a person. Walks go by person: behind theirs
// there are none.
func of[T any](walk iter.Seq2[T, error], user int64, whose func(T) int64) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for v, err := range walk {
			switch {
			case err == nil && whose(v) < user:
			case err == nil && whose(v) > user, !yield(v, err):
				return
			}
		}
	}
}
