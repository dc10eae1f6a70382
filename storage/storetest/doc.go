// Package storetest checks that a store keeps the contract of package storage.
// Every store passes [Exercise] before anything else is said about it:
//
//	func TestStore(t *testing.T) {
//		storetest.Exercise(t, func(t *testing.T) func() storage.Store {
//			path := filepath.Join(t.TempDir(), "bot.db")
//			return func() storage.Store {
//				s, err := boltstore.Open(path)
//				if err != nil {
//					t.Fatal(err)
//				}
//				return s
//			}
//		})
//	}
//
// # Caveats
//
// Where the contract leaves an order open, the suite settles it, so that two
// stores never differ in what people get: persons are ordered by their number,
// negative ones first; reminders due at the same instant by person and then by
// number; and Unsent starts with the first message of all if it is given the
// zero MessageKey.
//
// A crash cannot be staged from here. Durability is checked by closing and
// opening again; killing the process is each store's own test.
package storetest
