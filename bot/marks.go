package bot

import (
	"context"
	"math"
	"time"

	"spasmbot/storage"
)

// marks are what a bot leaves for the next one about absences: when it was last
// known to work, and whom it has told of the last one.
type marks struct{ store *steadyStore }

func (k marks) read(ctx context.Context) (storage.Marks, error) {
	return storage.Read(ctx, k.store, storage.Reader.Marks)
}

func (k marks) change(ctx context.Context, change func(*storage.Marks)) error {
	return k.store.Update(ctx, func(tx storage.Tx) error { return changeMarks(tx, change) })
}

func changeMarks(tx storage.Tx, change func(*storage.Marks)) error {
	m, err := tx.Marks()
	if err != nil {
		return err
	}
	change(&m)
	return tx.SetMarks(m)
}

// toTell marks that everybody is to be told of a return, or of a clock that was
// put back by so much.
func toTell(m *storage.Marks, back time.Time, by time.Duration) {
	m.Back, m.By, m.Astray = back, by, 0
	tellAll(m, back)
	if by > 0 {
		setBack(m, back, by)
	}
}

// tellAstray marks that those are to be told who have gone by a clock that was put
// back by so much, besides those who are still to be told of a return.
func tellAstray(m *storage.Marks, now time.Time, by time.Duration) {
	if !m.Open || m.By > 0 {
		m.Back, m.By = time.Time{}, 0 // nobody is
	}
	m.Astray = by
	tellAll(m, now)
	setBack(m, now, by)
}

func tellAll(m *storage.Marks, now time.Time) {
	m.Alive, m.Open, m.Told = now, true, math.MinInt64
}

func setBack(m *storage.Marks, now time.Time, by time.Duration) {
	m.SetFrom, m.SetTo = now.Add(by), now
}

// untold reports whether nobody has been told yet.
func untold(m storage.Marks) bool { return m.Told == math.MinInt64 }
