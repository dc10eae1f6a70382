package storetest

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"time"

	"spasmbot/storage"
)

// offset also goes down: Telegram's numbers restart anywhere after an idle
// week.
func offset(f *fixture) {
	for _, n := range []int64{1, 1 << 40, 7, 1<<63 - 1, 0, -1, 5} {
		f.update(func(tx storage.Tx) error { return tx.SetOffset(n) })
		f.twice(func(r storage.Reader) error {
			got, err := r.Offset()
			return errors.Join(err, same("offset", got, n))
		})
	}
}

func seen(f *fixture) {
	check := func(r storage.Reader, id int64, want bool) error {
		got, err := r.Seen(id)
		return errors.Join(err, same(fmt.Sprintf("update %d seen", id), got, want))
	}
	odd := []int64{0, -1, 1<<63 - 1, -1 << 63}
	f.view(func(r storage.Reader) error {
		var errs []error
		for _, id := range odd {
			errs = append(errs, check(r, id, false))
		}
		return errors.Join(errs...)
	})
	f.update(func(tx storage.Tx) error {
		var errs []error
		for _, id := range odd {
			errs = append(errs, tx.MarkSeen(id, start), check(tx, id, true), check(tx, id^2, false))
		}
		return errors.Join(errs...)
	})
	f.twice(func(r storage.Reader) error {
		var errs []error
		for _, id := range odd {
			errs = append(errs, check(r, id, true))
		}
		return errors.Join(errs...)
	})

	// A mark every seven hours for two weeks: none of the last day may be
	// forgotten, in whatever way the store forgets. Numbers go down, as no
	// store may rely on their rising.
	const every, day = 7, 24
	id := func(hour int) int64 { return 1_000_000 - int64(hour) }
	for now := 0; now < 14*day; now += every {
		f.update(func(tx storage.Tx) error { return tx.MarkSeen(id(now), start.Add(time.Duration(now)*time.Hour)) })
		f.view(func(r storage.Reader) error {
			errs := []error{check(r, id(now+1), false)}
			for hour := now; hour >= 0 && hour > now-day; hour -= every {
				errs = append(errs, check(r, id(hour), true))
			}
			return errors.Join(errs...)
		})
	}
	// Marking again makes a mark young again.
	now := start.Add(30 * day * time.Hour)
	for _, at := range []time.Duration{0, 20 * time.Hour, 25 * time.Hour, 43 * time.Hour} {
		mark := int64(5)
		if at == 25*time.Hour {
			mark = 6
		}
		f.update(func(tx storage.Tx) error { return tx.MarkSeen(mark, now.Add(at)) })
		f.twice(func(r storage.Reader) error { return check(r, 5, true) })
	}
}

func quarantine(f *fixture) {
	var want []storage.Quarantined
	for i := range int64(10) {
		q := storage.Quarantined{
			// One may be delivered twice.
			UpdateID: 100 - i%9, At: start.Add(time.Duration(i)), Raw: fmt.Appendf(nil, "{%d", i), Cause: "unexpected end",
		}
		want = append(want, q)
		f.update(func(tx storage.Tx) error { return tx.Quarantine(q) })
	}
	f.twice(func(r storage.Reader) error {
		got, err := collect(r.Quarantined())
		slices.SortFunc(got, func(a, b storage.Quarantined) int {
			return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.UpdateID, b.UpdateID))
		})
		return errors.Join(err, same("quarantined", got, want))
	})
}
