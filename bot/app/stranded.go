package app

import (
	"context"
	"fmt"

	"spasmbot/flows/lang"
	"spasmbot/storage"
)

// checkStranded refuses flows that would leave people of the store without a
// step to stand on, or without a round or reminder that they have on or armed, and
// names how many. Flows with the steps, rounds and reminders of those in use leave
// nobody, and nobody need be asked: a start costs the same however many people there
// are.
func checkStranded(ctx context.Context, store storage.Store, c *lang.Catalog) error {
	var stranded lang.Stranded
	err := store.View(ctx, func(r storage.Reader) error {
		m, err := r.Marks()
		if err != nil || m.Steps == c.StepsFingerprint() {
			return err
		}
		stranded = make(lang.Stranded)
		for s, err := range r.States() {
			if err != nil {
				return err
			}
			stranded.Note(c, &s)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("look for people in the flows: %w", err)
	}
	if err := stranded.Err(); err != nil {
		return err
	}
	return noteSteps(ctx, store, c.StepsFingerprint())
}

// noteSteps stores which flows a start may take without asking anybody: those
// that the last process began with, unless others have been in use since.
func noteSteps(ctx context.Context, store storage.Store, steps string) error {
	return store.Update(ctx, func(tx storage.Tx) error {
		m, err := tx.Marks()
		if err != nil || m.Steps == steps {
			return err
		}
		m.Steps = steps
		return tx.SetMarks(m)
	})
}
