package boltstore

import (
	"iter"

	"spasmbot/flows"
	"spasmbot/storage"
)

// OfPerson sees what is kept of one person alone, and finds it without a walk over the
// others: see [storage.OfPerson]. Only the quarantine, which is nobody's, is not here.
func (r *readTx) OfPerson(user int64) storage.Reader { return ofPerson{r, user} }

type ofPerson struct {
	*readTx
	user int64
}

func (r ofPerson) States() iter.Seq2[flows.State, error] {
	return each(func() ([]flows.State, error) {
		p, err := r.person(r.user)
		if err != nil || p.State == nil {
			return nil, err
		}
		s, err := p.getState()
		return []flows.State{s}, err
	})
}

func (r ofPerson) Episodes() iter.Seq2[storage.Episode, error] {
	return each(func() (all []storage.Episode, err error) {
		err = r.guard(func() error {
			for key, value := range own(r.tx, bucketEpisodes, r.user) {
				e, err := episodes.read(key, value)
				if err != nil {
					return err
				}
				all = append(all, e)
			}
			return nil
		})
		return all, err
	})
}

func (r ofPerson) Entries() iter.Seq2[storage.Entry, error]      { return rowsOfOne(r, entries) }
func (r ofPerson) Reminders() iter.Seq2[storage.Reminder, error] { return rowsOfOne(r, reminders) }
func (r ofPerson) Messages() iter.Seq2[storage.Message, error]   { return rowsOfOne(r, messages) }

func rowsOfOne[T any](r ofPerson, k kind[T]) iter.Seq2[T, error] {
	return each(func() ([]T, error) { return readRows(r.readTx, k, r.user) })
}

// each yields what is read when the walk begins, and why no more is.
func each[T any](read func() ([]T, error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		all, err := read()
		for _, v := range all {
			if !yield(v, nil) {
				return
			}
		}
		if err != nil {
			var none T
			yield(none, err)
		}
	}
}
