package storetest

import (
	"errors"
	"math"
	"time"

	"spasmbot/flows"
	"spasmbot/storage"
)

func marks(f *fixture) {
	f.twice(func(r storage.Reader) error {
		m, err := r.Marks()
		return errors.Join(err, same("marks at first", m, storage.Marks{}))
	})
	for _, want := range []storage.Marks{
		{Alive: start},
		{Alive: start.Add(1), Back: start, By: 90 * time.Minute, Open: true, Astray: time.Hour, Told: -1 << 52},
		{Alive: start.Add(2), Back: start, Told: math.MaxInt64},
		{Alive: start.Add(3), Steps: "0123abcd"},
		{Alive: start.Add(4), Speed: 600, SetFrom: start.Add(time.Hour), SetTo: start.Add(2)},
		{Alive: start.Add(5), Polled: start.Add(-time.Hour), Place: "here"},
		{},
	} {
		f.update(func(tx storage.Tx) error { return tx.SetMarks(want) })
		f.twice(func(r storage.Reader) error {
			m, err := r.Marks()
			return errors.Join(err, same("marks", m, want))
		})
	}
}

func statesAfter(f *fixture) {
	f.update(func(tx storage.Tx) error {
		var errs []error
		for _, user := range persons {
			errs = append(errs, tx.PutState(fullState(user)))
		}
		// Somebody of whom there are records and no state.
		return errors.Join(append(errs, tx.PutEntry(fullEntry(3, 1)))...)
	})
	check := func(r storage.Reader) error {
		for i := range persons {
			for _, limit := range []int{1, 2, 5, 100} {
				got, err := r.StatesAfter(persons[i], limit)
				if err != nil {
					return err
				}
				var want []flows.State
				for _, user := range persons[i+1 : min(i+1+limit, len(persons))] {
					want = append(want, fullState(user))
				}
				if err := same("states", got, want); err != nil {
					return err
				}
			}
		}
		return nil
	}
	f.twice(check)
	f.update(func(tx storage.Tx) error {
		if err := tx.PutState(flows.State{User: 4}); err != nil {
			return err
		}
		got, err := tx.StatesAfter(2, 1)
		return errors.Join(err, same("a state of the transaction's own", got, []flows.State{{User: 4}}))
	})
}
