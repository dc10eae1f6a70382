package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"
)

// record is a line of the export, of any kind.
type record struct {
	Record    string     `json:"record"`
	User      int64      `json:"user"`
	Episode   string     `json:"episode"`
	Flow      string     `json:"flow"`
	Onset     *time.Time `json:"onset"`
	Started   *time.Time `json:"started"`
	Ended     *time.Time `json:"ended"`
	Outcome   string     `json:"outcome"`
	Seq       int        `json:"seq"`
	At        time.Time  `json:"at"`
	Kind      string     `json:"kind"`
	Step      string     `json:"step"`
	Choice    string     `json:"choice"`
	UpdateID  int64      `json:"update_id"`
	ID        string     `json:"id"`
	Due       *time.Time `json:"due"`
	State     string     `json:"state"`
	Sent      *time.Time `json:"sent"`
	MessageID int64      `json:"message_id"`
	Reminder  string     `json:"reminder"`
}

// records holds an export, by user and kind of record.
type records struct{ all []record }

func parseExport(t *testing.T, out []byte) *records {
	t.Helper()
	r := &records{}
	lines := bufio.NewScanner(bytes.NewReader(out))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var rec record
		if err := json.Unmarshal(lines.Bytes(), &rec); err != nil {
			t.Fatalf("export line %q: %v", lines.Text(), err)
		}
		r.all = append(r.all, rec)
	}
	return r
}

// of lists the records of one user: an episode, entries, reminders, messages.
func (r *records) of(user int64, kind string) []record {
	var list []record
	for _, rec := range r.all {
		if rec.User == user && rec.Record == kind {
			list = append(list, rec)
		}
	}
	return list
}

// checkAcutePhase holds every person's rounds against the protocol.
func (r *records) checkAcutePhase(t *testing.T, people []int64, wantHeat bool) {
	t.Helper()
	rounds := 0
	for _, user := range people {
		episodes := r.of(user, "episode")
		if len(episodes) != 1 || episodes[0].Onset == nil {
			t.Errorf("person %d has %d episodes, want one with an onset", user, len(episodes))
			continue
		}
		rounds += r.checkRounds(t, user, *episodes[0].Onset, wantHeat)
	}
	t.Logf("%d people, %d rounds of cold", len(people), rounds)
}

func (r *records) checkRounds(t *testing.T, user int64, onset time.Time, wantHeat bool) (rounds int) {
	t.Helper()
	var ons []time.Time
	heat := 0
	for _, e := range r.of(user, "entry") {
		switch {
		case e.Kind != "reminder":
		case e.Step == "cold-on":
			ons = append(ons, e.At)
			if e.At.Add(20 * time.Minute).After(onset.Add(72 * time.Hour)) {
				t.Errorf("person %d: cold %v after the onset", user, e.At.Sub(onset))
			}
		case e.Step == "heat-on":
			heat++
			if e.At.Before(onset.Add(72 * time.Hour)) {
				t.Errorf("person %d: heat %v after the onset", user, e.At.Sub(onset))
			}
		}
	}
	var offs []time.Time
	for _, rem := range r.of(user, "reminder") {
		if rem.Kind == "cold-off" {
			offs = append(offs, *rem.Due)
		}
	}
	// One is in progress at the end, at the most; its take-off is armed too.
	for _, on := range ons {
		if !slices.ContainsFunc(offs, func(off time.Time) bool { return off.Equal(on.Add(20 * time.Minute)) }) {
			t.Errorf("person %d: cold on at %v and never off: %v", user, on, offs)
		}
	}
	if len(ons) < 10 {
		t.Errorf("person %d had %d rounds of cold in 72 hours", user, len(ons))
	}
	if wantHeat && heat == 0 {
		t.Errorf("person %d had no heat after 72 hours", user)
	}
	return len(ons)
}

// checkPresses demands that every press has one entry of its own.
func (r *records) checkPresses(t *testing.T, presses int64) {
	t.Helper()
	seen := make(map[int64]int)
	for _, rec := range r.all {
		if rec.Record == "entry" && (rec.Kind == "answer" || rec.Kind == "stale") {
			seen[rec.UpdateID]++
		}
	}
	if int64(len(seen)) != presses {
		t.Errorf("%d presses, %d of them on the timelines", presses, len(seen))
	}
	for id, n := range seen {
		if n != 1 || id == 0 {
			t.Errorf("update %d has %d entries, want 1", id, n)
		}
	}
}

// checkLedger holds the ledger against what the server was sent. Messages sent
// twice, of which the ledger knows the later, are counted and returned.
func (r *records) checkLedger(t *testing.T, delivered map[[2]int64]int) (doubled int) {
	t.Helper()
	known := make(map[[2]int64]bool)
	for _, rec := range r.all {
		if rec.Record != "message" {
			continue
		}
		if rec.State != "sent" {
			t.Errorf("message %s is %s", rec.ID, rec.State)
			continue
		}
		key := [2]int64{rec.User, rec.MessageID}
		if known[key] || delivered[key] == 0 {
			t.Errorf("the ledger has message %s as %v, which the server never took, or twice", rec.ID, key)
		}
		known[key] = true
	}
	for key := range delivered {
		if !known[key] {
			doubled++
		}
	}
	return doubled
}

// checkReminders demands that nothing that was due is left over, and that what
// is called sent was.
func (r *records) checkReminders(t *testing.T, now time.Time, delivered map[[2]int64]int) {
	t.Helper()
	for _, rec := range r.all {
		switch {
		case rec.Record != "reminder":
		case rec.State == "due" && rec.Due.Before(now):
			t.Errorf("reminder %s (%s) was due at %v and is left over at %v", rec.ID, rec.Kind, rec.Due, now)
		case rec.State == "sent" && (rec.Sent == nil || delivered[[2]int64{rec.User, rec.MessageID}] == 0):
			t.Errorf("reminder %s (%s) is called sent, as message %d", rec.ID, rec.Kind, rec.MessageID)
		case !strings.Contains(" due sent expired dropped merged cancelled ", " "+rec.State+" "):
			t.Errorf("reminder %s has the state %q", rec.ID, rec.State)
		}
	}
}
