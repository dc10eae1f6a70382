package bottest

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"

	"spasmbot/bot/simulator"
)

// ankle is the second flow, which shares no line with the built-in ones.
const ankle = "../../docs/examples/ankle"

// answers presses labels one after the other, each on the bot's newest words.
func answers(t *testing.T, p *simulator.Person, labels ...string) {
	t.Helper()
	for _, label := range labels {
		settle()
		if _, err := p.PressLabel(p.Last().ID, label); err != nil {
			t.Fatalf("press %q on %q: %v", label, lastText(p), err)
		}
	}
}

// TestAnkleInABubble lives through a sprained ankle with the wiring of the
// program: nothing in it knows of backs.
func TestAnkleInABubble(t *testing.T) {
	t.Parallel()
	inBubbleWith(t, ankle, rates{}, func(b *bubble) {
		anna := b.sim.Person(7)
		anna.SendCommand("/ankle")
		answers(t, anna, "No, none of these", "Yes, four steps", "No, the bone is not sore", "My foot is up",
			"18 or older", "Within the last hour", "5", "Sport", "Yes, about that", "It is on", "No, none of these", "It is ready, start")
		expect(t, anna, "Cold on now")
		// The care screen stands above the first reminder of cold.
		time.Sleep(15 * time.Minute)
		expect(t, anna, "Take the cold off now")
		time.Sleep(72 * time.Hour)
		// The days with reminders end in the waking hours.
		for range 24 {
			if strings.Contains(lastText(anna), "Does it move without sharp pain?") {
				break
			}
			time.Sleep(time.Hour)
		}
		answers(t, anna, "Yes, it moves")
		expect(t, anna, "How many minutes can you stand")
		anna.SendText("a while")
		expect(t, anna, "Please type a number from 0 to 120.")
		anna.SendText("12,5")
		answers(t, anna, "17:00", "Monday to Friday")
		expect(t, anna, "You last told me 5 out of 10")
		time.Sleep(12 * 24 * time.Hour)
		b.finish()
		checkAnkle(t, b.export())
	})
}

// checkAnkle holds what was kept against what the flow says.
func checkAnkle(t *testing.T, r *records) {
	t.Helper()
	episodes := r.of(7, "episode")
	if len(episodes) != 1 || episodes[0].Flow != "ankle" || episodes[0].Outcome != "two_weeks" {
		t.Fatalf("the episodes are %+v", episodes)
	}
	onset := *episodes[0].Onset
	came := make(map[string][]time.Time)
	for _, e := range r.of(7, "entry") {
		if e.Kind == "reminder" {
			came[e.Step] = append(came[e.Step], e.At)
		}
	}
	// The first one was asked for. Two that nobody answers are called behind it.
	if on, off := came["cold-on"], came["cold-off"]; len(on) != 3 || len(on) != len(off) {
		t.Errorf("%d rounds of cold began and %d ended", len(on), len(off))
	} else {
		for i := range on {
			if off[i].Sub(on[i]) != 15*time.Minute || off[i].Sub(onset) > 72*time.Hour {
				t.Errorf("cold from %v to %v", on[i], off[i])
			}
		}
	}
	if len(came["alphabet"]) < 15 || len(came["circles"]) != 0 {
		t.Errorf("%d reminders of the alphabet and %d of circles", len(came["alphabet"]), len(came["circles"]))
	}
	for _, at := range came["alphabet"] {
		if clock := at.Format("15:04"); clock != "09:00" && clock != "19:00" || at.Sub(onset) < 72*time.Hour {
			t.Errorf("the alphabet came at %v", at)
		}
	}
}

// TestAnkleWarningSigns: who cannot take four steps is sent to a doctor, and
// who sees a crooked foot to the emergency number, with nothing armed.
func TestAnkleWarningSigns(t *testing.T) {
	t.Parallel()
	inBubbleWith(t, ankle, rates{}, func(b *bubble) {
		anna, bert := b.sim.Person(7), b.sim.Person(8)
		anna.SendCommand("/ankle")
		answers(t, anna, "No, none of these", "No, I cannot")
		expect(t, anna, "Has a clinician looked at it")
		bert.SendCommand("/ankle")
		answers(t, bert, "Not sure")
		expect(t, bert, "Call your local emergency number now.")
		if episodes := b.export().of(8, "episode"); len(episodes) != 1 || episodes[0].Outcome != "emergency" {
			t.Errorf("the episodes are %+v", episodes)
		}
	})
}

var sentenceEnd = regexp.MustCompile(`[.!?:]\s|\n`)

// TestAnkleWordsAreShort: no sentence has more than 15 words.
func TestAnkleWordsAreShort(t *testing.T) {
	t.Parallel()
	src, err := os.ReadFile(filepath.Join(ankle, "texts", "en.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var texts map[string]map[string]string
	if err := yaml.Unmarshal(src, &texts); err != nil {
		t.Fatal(err)
	}
	n := 0
	for section, keys := range texts {
		for key, text := range keys {
			for _, sentence := range sentenceEnd.Split(strings.ReplaceAll(text, "*", ""), -1) {
				words := slices.DeleteFunc(strings.Fields(sentence), func(w string) bool { return w == "•" || w == "–" || w == "✓" })
				if n++; len(words) > 15 {
					t.Errorf("%s.%s: %d words: %q", section, key, len(words), sentence)
				}
			}
		}
	}
	if n < 100 {
		t.Errorf("only %d sentences were read", n)
	}
}
