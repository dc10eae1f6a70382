package bottest

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
	State     stage      `json:"state"`
	Queued    *time.Time `json:"queued"`
	Sent      *time.Time `json:"sent"`
	MessageID int64      `json:"message_id"`
	Reminder  string     `json:"reminder"`
	Cause     string     `json:"cause"`
}

// stage is how far a reminder or a message is. A person's record has all of their state
// under that name, which these tests do not go by.
type stage string

func (s *stage) UnmarshalJSON(src []byte) error {
	if bytes.HasPrefix(src, []byte("{")) {
		return nil
	}
	return json.Unmarshal(src, (*string)(s))
}

// withdrawn reports whether a message lost its reason while it waited.
func (r record) withdrawn() bool { return r.State == "failed" && r.Cause == "withdrawn" }

// records holds an export, by user and kind of record, but for what is known of people.
type records struct{ all []record }

func parseExport(t testing.TB, out []byte) *records {
	t.Helper()
	r := &records{}
	lines := bufio.NewScanner(bytes.NewReader(out))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var rec record
		if bytes.HasPrefix(lines.Bytes(), []byte(`{"record":"person"`)) {
			continue // their state is no word
		}
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

// spasm is the episode of a person's acute phase.
func (r *records) spasm(user int64) (record, bool) {
	episodes := slices.DeleteFunc(r.of(user, "episode"), func(e record) bool { return e.Flow != "spasm" })
	if len(episodes) != 1 {
		return record{}, false
	}
	return episodes[0], true
}

// came lists when each kind of reminder came to a person.
func (r *records) came(user int64) map[string][]time.Time {
	at := make(map[string][]time.Time)
	for _, e := range r.of(user, "entry") {
		if e.Kind == "reminder" {
			at[e.Step] = append(at[e.Step], e.At)
		}
	}
	return at
}

// chosen is the last answer of a person to a question.
func (r *records) chosen(user int64, step string) (choice string) {
	for _, e := range r.of(user, "entry") {
		if e.Kind == "answer" && e.Step == step {
			choice = e.Choice
		}
	}
	return choice
}

// checkAcutePhase holds every person's rounds against the protocol.
func (r *records) checkAcutePhase(t testing.TB, people []int64, wantHeat bool) {
	t.Helper()
	rounds := 0
	for _, user := range people {
		episode, ok := r.spasm(user)
		if !ok || episode.Onset == nil {
			t.Errorf("person %d has the episodes %+v, want one spasm with an onset", user, r.of(user, "episode"))
			continue
		}
		// "The last hour" is a span, of which the episode has the end: cold goes by the
		// beginning, warmth by the end.
		if said := r.chosen(user, "onset_time"); said != "now" {
			t.Errorf("person %d said of the onset %q, want %q", user, said, "now")
		}
		rounds += r.checkRounds(t, user, episode.Onset.Add(-time.Hour))
		r.checkHeat(t, user, *episode.Onset, wantHeat)
	}
	t.Logf("%d people, %d rounds of cold", len(people), rounds)
}

// checkRounds holds a person's rounds of cold against the protocol: there are none behind
// 72 hours from the earliest onset, and one that is on then ends.
func (r *records) checkRounds(t testing.TB, user int64, earliest time.Time) (rounds int) {
	t.Helper()
	hold, err := time.ParseDuration(strings.TrimPrefix(r.chosen(user, "cold_ready"), "m") + "m")
	if err != nil {
		t.Errorf("person %d chose no length of cold: %v", user, err)
		return 0
	}
	came := r.came(user)
	ons := came["cold-on"]
	// Variables keep instants to the second.
	bound := earliest.Add(72 * time.Hour).Truncate(time.Second)
	for i, on := range ons {
		if on.Add(hold).After(bound) {
			t.Errorf("person %d: cold %v after the earliest onset", user, on.Sub(earliest))
		}
		if i > 0 && on.Sub(ons[i-1]) < hold+2*time.Hour {
			t.Errorf("person %d: cold of %v again after %v", user, hold, on.Sub(ons[i-1]))
		}
	}
	due := make(map[string][]time.Time)
	for _, rem := range r.of(user, "reminder") {
		due[rem.Kind] = append(due[rem.Kind], *rem.Due)
	}
	// One is in progress at the end, at the most; its take-off is armed too.
	for i, call := range ons {
		on, off := call, call.Add(hold)
		said, choice := r.saidTo(user, "cold-on", ons[i:])
		if choice == "on" {
			on, off = said, notAfter(said.Add(hold), bound)
		}
		if !slices.ContainsFunc(due["cold-off"], off.Equal) {
			t.Errorf("person %d: cold on at %v and no take-off %v later: %v", user, on, hold, due["cold-off"])
		}
		if choice == "on" && !slices.ContainsFunc(due["cold-check"], on.Add(hold/2).Equal) {
			t.Errorf("person %d: cold on at %v and no look half-way: %v", user, on, due["cold-check"])
		}
	}
	return len(ons)
}

// saidTo is what a person has said last to the first of some calls, and when.
func (r *records) saidTo(user int64, kind string, calls []time.Time) (at time.Time, choice string) {
	for _, e := range r.of(user, "entry") {
		mine := !e.At.Before(calls[0]) && (len(calls) == 1 || e.At.Before(calls[1]))
		if mine && e.Kind == "answer" && e.Step == kind {
			at, choice = e.At, e.Choice
		}
	}
	return at, choice
}

func notAfter(at, bound time.Time) time.Time {
	if at.After(bound) {
		return bound
	}
	return at
}

// checkPlenty demands that nobody who answers at once is left waiting: how often
// each kind came in the first 72 hours, at the least. It is for virtual time: on
// a fast clock a slow machine is a slow person.
func (r *records) checkPlenty(t testing.TB, people []int64) {
	t.Helper()
	for _, user := range people {
		came := r.came(user)
		for kind, least := range map[string]int{
			"rest-over": 1, "water": 12, "move": 6, "check-in": 5, "cold-on": 10, "cold-check": 10, "cold-off": 10,
		} {
			if len(came[kind]) < least {
				t.Errorf("person %d had %d of %s, want %d at least", user, len(came[kind]), kind, least)
			}
		}
	}
}

// settled reports whether everything due by then has come to its end, and every
// message.
func (r *records) settled(by time.Time) bool {
	return !slices.ContainsFunc(r.all, func(rec record) bool {
		switch rec.Record {
		case "message":
			return rec.State == "queued" || rec.State == "sending"
		case "reminder":
			return rec.State == "due" && rec.Due.Before(by)
		}
		return false
	})
}

// checkHeat demands that warmth waits for 72 hours, and comes then.
func (r *records) checkHeat(t testing.TB, user int64, onset time.Time, want bool) {
	t.Helper()
	came := r.came(user)
	for _, on := range came["heat-on"] {
		if on.Before(onset.Add(72 * time.Hour)) {
			t.Errorf("person %d: heat %v after the onset", user, on.Sub(onset))
		}
	}
	if want && len(came["heat-on"]) == 0 {
		t.Errorf("person %d had no heat after 72 hours", user)
	}
	// The pack of the last round may still be on.
	if on, off := len(came["heat-on"]), len(came["heat-off"]); on-off > 1 {
		t.Errorf("person %d: heat came on %d times and off %d times", user, on, off)
	}
}

// checkPresses demands that every press has one entry of its own.
func (r *records) checkPresses(t testing.TB, presses int64) {
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
func (r *records) checkLedger(t testing.TB, delivered map[[2]int64]int) (doubled int) {
	t.Helper()
	known := make(map[[2]int64]bool)
	// The start of a round may come too late to be told, if the machine stalls.
	expired := make(map[string]bool)
	for _, rec := range r.all {
		if rec.Record == "reminder" && rec.State == "expired" {
			expired[rec.ID] = true
		}
	}
	for _, rec := range r.all {
		if rec.Record != "message" || rec.State == "failed" && expired[rec.Reminder] || rec.withdrawn() {
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
func (r *records) checkReminders(t testing.TB, now time.Time, delivered map[[2]int64]int) {
	t.Helper()
	for _, rec := range r.all {
		switch {
		case rec.Record != "reminder":
		case rec.State == "due" && rec.Due.Before(now):
			t.Errorf("reminder %s (%s) was due at %v and is left over at %v", rec.ID, rec.Kind, rec.Due, now)
		case rec.State == "sent" && (rec.Sent == nil || delivered[[2]int64{rec.User, rec.MessageID}] == 0):
			t.Errorf("reminder %s (%s) is called sent, as message %d", rec.ID, rec.Kind, rec.MessageID)
		case !strings.Contains(" due sent expired dropped merged cancelled ", " "+string(rec.State)+" "):
			t.Errorf("reminder %s has the state %q", rec.ID, rec.State)
		}
	}
}
