package engine_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"spasmbot/flows"
	"spasmbot/flows/engine"
)

// cardDays is the flow of the card, of somebody who sleeps at night.
var cardDays = strings.Replace(cardFlow, "while: idle\n", "while: idle\nwaking: {from: \"07:00\", to: \"22:00\"}\n", 1)

// absent is somebody whose card stands in the chat, with nothing armed but its timer and
// the wait of the question.
func absent(t *testing.T) *person { return absentFrom(t, cardDays) }

func absentFrom(t *testing.T, flow string) *person {
	t.Helper()
	flow = strings.Replace(flow, "  - {id: cold_starts, start: water, next: hub}\n", "", 1)
	p := newPerson(t, tinyWith(t, flow, cardTexts, cardFiles()))
	p.does(flows.Command{Name: "spasm"})
	p.presses("8")
	p.at("hub")
	return p
}

// TestCardOfAnAbsentPerson: to whoever does nothing the card says the right day, changed
// where it stands in the hours in which they are awake. In the morning it is put at the end
// of the chat if something stands below it. There is no sound and nothing on the timeline,
// and the timer comes only where there is something to do.
func TestCardOfAnAbsentPerson(t *testing.T) {
	p := absent(t)
	p.does(flows.Command{Name: "worse"}) // something stands below the card
	timeline := len(p.Timeline)
	var turns []string
	p.waits(3*24*time.Hour+time.Minute, func() {
		turn := p.Now.Format("Mon 15:04:05 ") + strings.SplitN(p.cardReads(), "\n", 2)[0]
		if last := p.Chat[len(p.Chat)-1]; last.ID == p.card().ID && last.Sent.Equal(p.Now) {
			turn += " put"
		}
		turns = append(turns, turn)
		if loud := p.sends(func(m flows.Message) bool { return !m.Silent }); loud != nil {
			t.Errorf("the card comes with a sound: %+v", loud)
		}
	})
	want := []string{
		"Tue 07:00:00 Day 1. put", "Tue 12:00:00 Day 2.", "Wed 07:00:00 Day 2.", "Wed 12:00:00 Day 3.",
		"Wed 21:59:00 Day 3. put", // it would be 48 hours old in the morning
		"Thu 07:00:00 Day 3.", "Thu 12:00:00 Day 4.",
	}
	if !slices.Equal(turns, want) {
		t.Errorf("the timer comes at %q, want %q", turns, want)
	}
	if len(p.Timeline) != timeline {
		t.Errorf("on the timeline stands %v", p.Timeline[timeline:])
	}
	p.does(flows.Command{Name: "stop"})
	if len(p.Timers) != 0 {
		t.Errorf("when all is over, armed is %v", p.Timers)
	}
}

// TestCardAtNight: what changes at night shows in the morning.
func TestCardAtNight(t *testing.T) {
	p := absentFrom(t, strings.Replace(cardDays, "hours_since(onset) / 24)", "hours_since(onset) / 5)", 1))
	var turns []string
	p.waits(24*time.Hour, func() {
		turns = append(turns, p.Now.Format("15:04 ")+strings.SplitN(p.cardReads(), "\n", 2)[0])
	})
	if want := []string{"17:00 Day 2.", "07:00 Day 4.", "08:00 Day 5."}; !slices.Equal(turns, want) {
		t.Errorf("the timer comes at %q, want %q", turns, want)
	}
}

// TestCardGrowsOld: before the messenger deletes it no more, the card is put anew with its
// buttons, even where a question waits, and in an hour in which the person is awake.
func TestCardGrowsOld(t *testing.T) {
	files := cardFiles()
	files["more.yaml"] = strings.Replace(files["more.yaml"], "1h", "12d", 1)
	p := newPerson(t, tinyWith(t, cardDays, cardTexts, files))
	p.does(flows.Command{Name: "spasm"})
	p.presses("8")
	p.pressesCard("more")
	put := p.state().Card.Put
	p.waits(7*24*time.Hour, func() {
		s := p.state()
		if s.Card.Put.Equal(put) {
			return
		}
		age := p.Now.Sub(put)
		if hour := p.Now.Hour(); age > 46*time.Hour || age < 30*time.Hour || hour < 7 || hour >= 22 {
			t.Errorf("it is put anew at %v, when it was %v old", p.Now, age)
		}
		if put = s.Card.Put; len(p.card().Keyboard) == 0 {
			t.Errorf("it stands there without buttons: %s", p.cardReads())
		}
		if s.At.Step != "moved" {
			t.Errorf("the question is %v", s.At)
		}
	})
	if p.Now.Sub(put) > 46*time.Hour {
		t.Errorf("the card of %v stands there yet", put)
	}
	for _, m := range p.Chat {
		if strings.HasPrefix(m.Text, "Day ") && m.ID != p.card().ID && !m.Gone {
			t.Errorf("another card stands in the chat: %+v", m)
		}
	}
	last := p.card().ID
	p.waits(80*time.Hour, nil)
	if m := p.card(); m.ID != last || len(m.Keyboard) == 0 || !strings.HasPrefix(m.Text, "Day 11") {
		t.Errorf("behind a week in which nobody was heard the card is %+v", m)
	}
	p.presses("OK")
	if p.at("hub"); p.card().ID == last {
		t.Error("the card does not come to who is back")
	}
}

// TestCardTimerOfWhoIsAway: whoever has blocked the bot has no card to be changed, until
// they are back.
func TestCardTimerOfWhoIsAway(t *testing.T) {
	p := absent(t)
	p.does(flows.Blocked{})
	if s := p.state(); len(p.Timers) != 0 || s.Card.Timer != (flows.Reminder{}) {
		t.Errorf("armed is %v, kept %+v", p.Timers, s.Card.Timer)
	}
	p.Now = p.Now.Add(30 * time.Hour)
	p.does(flows.Unblocked{})
	if s := p.state(); s.Card.Timer.ID == 0 || p.Timers[s.Card.Timer.ID] != s.Card.Timer || !strings.Contains(p.cardReads(), "Day 2.") {
		t.Errorf("armed is %v, the card reads %s", p.Timers, p.cardReads())
	}
}

// TestCardTimerIsNobodysPlan: nothing comes of it but the card. It is one timer, which is
// moved, and is none that a person is told of.
func TestCardTimerIsNobodysPlan(t *testing.T) {
	p := newPerson(t, shipped(t))
	p.toRounds()
	first := p.state().Card.Timer
	p.waits(2*24*time.Hour, nil)
	s := p.state()
	if s.Card.Timer.ID != first.ID || !s.Card.Timer.Due.After(first.Due) || s.Card.Timer.Phase.Shown() {
		t.Errorf("armed was %+v, and is %+v", first, s.Card.Timer)
	}
	if slices.ContainsFunc(s.Pending, func(r flows.Reminder) bool { return r.ID == first.ID }) {
		t.Errorf("it is one of %v", s.Pending)
	}
	onlyTheCard(t, p, s.Card.Timer.Due)
}

// onlyTheCard demands that a turn of the card's timer changes nothing but the card.
func onlyTheCard(t interface{ Fatalf(string, ...any) }, p *person, at time.Time) {
	s := p.state()
	if s.Card.Timer.ID == 0 {
		return
	}
	after, effects := engine.Step(p.Catalog, s, flows.Due{IDs: []uint64{s.Card.Timer.ID}, Missed: true}, at)
	if !after.Card.Timer.Due.After(at) {
		t.Fatalf("at %v the timer of the card is armed for %v", at, after.Card.Timer.Due)
	}
	for _, e := range effects {
		say, says := e.(flows.Say)
		remind, reminds := e.(flows.Remind)
		if says && !say.Message.Silent || reminds && remind.Reminder != after.Card.Timer || !says && !reminds {
			t.Fatalf("the timer of the card does %#v", e)
		}
	}
	// The numbers of messages go on; whether something new stands in the chat is how a
	// message looks, and no more.
	after.Card, after.Messages, after.Newest = s.Card, s.Messages, s.Newest
	if !bytes.Equal(encoded(p.t, s), encoded(p.t, after)) {
		t.Fatalf("the timer of the card changes %+v to %+v", s, after)
	}
}
