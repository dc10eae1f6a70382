package bot

import (
	"testing"
	"testing/synctest"
	"time"

	"spasmbot/flows"
)

// TestSeal: a person's state has a seal from its first turn on, which stays and is
// another for everybody.
func TestSeal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		seals := make(map[string][]uint32)
		w := newWorld(t, func(c *Config) {
			c.Step = func(s flows.State, ev flows.Event, now time.Time) (flows.State, []flows.Effect) {
				text := ev.(flows.Text).Text
				seals[text] = append(seals[text], s.Seal)
				return testStep(s, ev, now)
			}
		})
		w.start()
		w.say(7, "anna")
		w.say(8, "bert")
		synctest.Wait()
		w.say(7, "anna")
		synctest.Wait()
		anna, bert := seals["anna"], seals["bert"]
		if len(anna) != 2 || len(bert) != 1 || anna[0] == 0 || anna[1] != anna[0] || bert[0] == anna[0] {
			t.Errorf("sealed with %v and %v", anna, bert)
		}
		if err := w.end(); err != nil {
			t.Error(err)
		}
	})
}
