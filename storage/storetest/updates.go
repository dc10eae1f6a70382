package storetest

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
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

// fileIDs are kept by keys that differ in a byte, replaced and forgotten.
func fileIDs(f *fixture) {
	long := strings.Repeat("k", 1000)
	want := map[string]string{}
	check := func(r storage.Reader) error {
		var errs []error
		for _, key := range []string{"a", "b", "a\x00", "1/photo/ab", "1/photo/abc", "2/photo/ab", "ä", long, "never"} {
			got, err := r.FileID(key)
			errs = append(errs, err, same("file id of "+key, got, want[key]))
		}
		return errors.Join(errs...)
	}
	put := func(key, id string) {
		f.Helper()
		f.update(func(tx storage.Tx) error { return tx.PutFileID(key, id) })
		want[key] = id
		f.twice(check)
	}
	f.view(check)
	put("a", "AgACAgIAAxkBAAI")
	put("a\x00", "other")
	put("1/photo/ab", "first")
	put("1/photo/ab", "second")
	put("2/photo/ab", "another bot's")
	put("1/photo/abc", "x")
	put("1/photo/ab", "")
	put("1/photo/ab", "")
	put("never", "")
	put("ä", "ö\x00")
	put(long, long)

	if err := f.Update(f.Context(), func(tx storage.Tx) error {
		return errors.Join(tx.PutFileID("a", "refused"), errRefused)
	}); !errors.Is(err, errRefused) {
		f.Errorf("update: %v", err)
	}
	f.twice(check)
	for _, key := range []string{"", long + "k"} {
		if err := f.Update(f.Context(), func(tx storage.Tx) error {
			return errors.Join(tx.PutFileID("b", "x"), tx.PutFileID(key, "x"))
		}); err == nil {
			f.Errorf("a key of %d bytes was taken", len(key))
		}
	}
	f.twice(check)
}
