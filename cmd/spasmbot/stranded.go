package main

import (
	"context"
	"fmt"

	"spasmbot/flows"
	"spasmbot/storage"
)

// checkStranded refuses flows that would leave people of the store without a
// step to stand on, and names how many.
func checkStranded(ctx context.Context, store storage.Store, c *flows.Catalog) error {
	var stranded flows.Stranded
	err := store.View(ctx, func(r storage.Reader) error {
		stranded = make(flows.Stranded)
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
	return stranded.Err()
}
