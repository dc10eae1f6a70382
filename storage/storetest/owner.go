package storetest

import (
	"errors"
	"fmt"

	"spasmbot/storage"
)

// owner: another bot has no use for what the messenger told the one before, and
// would take it for its own. All else stays.
func owner(f *fixture) {
	check := func(bot, offset int64, seen bool, file string) {
		f.Helper()
		f.twice(func(r storage.Reader) error {
			gotBot, err1 := r.Owner()
			gotOffset, err2 := r.Offset()
			gotSeen, err3 := r.Seen(41)
			gotFile, err4 := r.FileID("1/photo/ab")
			state, err5 := r.State(5)
			err := errors.Join(err1, err2, err3, err4, err5)
			if bot != 0 {
				err = errors.Join(err, same("state", state, fullState(5)))
			}
			return errors.Join(err, same(fmt.Sprintf("what is bot %d's", bot),
				[]any{gotBot, gotOffset, gotSeen, gotFile}, []any{bot, offset, seen, file}))
		})
	}
	belongings := func(tx storage.Tx) error {
		return errors.Join(
			tx.SetOffset(42), tx.MarkSeen(41, start), tx.PutFileID("1/photo/ab", "AgAC"), tx.PutState(fullState(5)),
		)
	}
	check(0, 0, false, "")
	f.update(belongings)
	// The first takes what was there before anybody was noted.
	f.update(func(tx storage.Tx) error { return tx.SetOwner(7) })
	check(7, 42, true, "AgAC")
	f.update(func(tx storage.Tx) error { return tx.SetOwner(7) })
	check(7, 42, true, "AgAC")
	f.update(func(tx storage.Tx) error { return tx.SetOwner(1 << 51) })
	check(1<<51, 0, false, "")
	// What was marked in the same transaction goes as well.
	f.update(func(tx storage.Tx) error { return errors.Join(belongings(tx), tx.SetOwner(7)) })
	check(7, 0, false, "")
	f.update(belongings)
	check(7, 42, true, "AgAC")
}
