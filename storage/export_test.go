package storage

import (
	"encoding/json"
	"fmt"
	"iter"
	"reflect"
	"strings"
	"testing"
	"time"

	"spasmbot/flows"
)

// TestExportSigns: an answer about warning signs says by which edition of their table it
// was given, and no other entry does.
func TestExportSigns(t *testing.T) {
	for version, want := range map[int]string{0: "", 3: `"signs_version":3`} {
		line, err := json.Marshal(exportEntry(Entry{User: 7, Entry: flows.Entry{Seq: 1, Kind: flows.EntryAnswer, Signs: version}}))
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(string(line), "signs_version"); got != (want != "") || !strings.Contains(string(line), want) {
			t.Errorf("of the edition %d it says %s", version, line)
		}
	}
}

// TestExportTakenBack: an answer that was taken back says so, be it by Back or by a message
// that was changed, in the timeline of its own episode and person; no other entry does.
func TestExportTakenBack(t *testing.T) {
	answer := func(user int64, episode, seq uint64, step string) Entry {
		return Entry{User: user, Entry: flows.Entry{Episode: episode, Seq: seq, Kind: flows.EntryAnswer, Step: step, Choice: "x"}}
	}
	anew, corrected, other := answer(7, 2, 4, "pain"), answer(7, 2, 6, "walk"), answer(8, 1, 1, "pain")
	anew.Anew, corrected.Undoes, other.Anew = true, 5, true
	all := []Entry{
		answer(6, 1, 2, "pain"), answer(7, 1, 2, "pain"), answer(7, 2, 3, "pain"), anew, answer(7, 2, 5, "walk"), corrected, other,
	}
	var out strings.Builder
	enc := json.NewEncoder(&out)
	for list, err := range timelines(seq(all...)) {
		if err != nil || exportTimeline(enc, list) != nil {
			t.Fatal(err)
		}
	}
	var got []string
	for line := range strings.Lines(out.String()) {
		var rec entryRecord
		if err := json.Unmarshal([]byte(line), &rec); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(line, "taken_back") {
			got = append(got, fmt.Sprint(rec.User, rec.Seq))
		}
	}
	if want := []string{"7 3", "7 5"}; !reflect.DeepEqual(got, want) || strings.Count(out.String(), "\n") != len(all) {
		t.Errorf("taken back are %v of\n%s, want %v", got, &out, want)
	}
}

// TestExportMoved: a reminder says what has moved it from when it was to come, and no other
// does.
func TestExportMoved(t *testing.T) {
	first := time.Date(2026, 3, 2, 22, 15, 0, 0, time.UTC)
	for moved, want := range map[flows.Move]string{"": `"message_id":null}`, flows.MovedBySleep: `"first":"2026-03-02T22:15:00Z","moved":"sleep"}`} {
		r := flows.Reminder{ID: 1, Kind: "cold-on", Phase: flows.PhaseCall, Moved: moved}
		if moved != "" {
			r.First = first
		}
		line, err := json.Marshal(exportReminder(Reminder{User: 7, Reminder: r}))
		if err != nil || !strings.HasSuffix(string(line), want) {
			t.Errorf("moved by %q it says %s (%v), want %s", moved, line, err, want)
		}
	}
}

// marked sets every text in a value to one of its own, and returns them.
func marked(v reflect.Value, texts *[]string) {
	switch v.Kind() {
	case reflect.String:
		text := fmt.Sprintf("text-%d-", len(*texts))
		*texts = append(*texts, text)
		v.SetString(text)
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			return
		}
		for i := range v.NumField() {
			marked(v.Field(i), texts)
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		marked(v.Index(0), texts)
	}
}

// records is a reader of one person with one record of each kind.
type records struct {
	Reader
	state   flows.State
	message Message
	bad     Quarantined
}

func seq[T any](all ...T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for _, v := range all {
			if !yield(v, nil) {
				return
			}
		}
	}
}

func (o records) States() iter.Seq2[flows.State, error] { return seq(o.state, flows.State{User: 8}) }

func (o records) Episodes() iter.Seq2[Episode, error] { return seq(Episode{User: 7}, Episode{User: 8}) }

func (o records) Entries() iter.Seq2[Entry, error]    { return seq(Entry{User: 7}, Entry{User: 8}) }
func (o records) Messages() iter.Seq2[Message, error] { return seq(o.message, Message{User: 8}) }
func (o records) Marks() (Marks, error)               { return Marks{}, nil }

func (o records) Reminders() iter.Seq2[Reminder, error] {
	return seq(Reminder{User: 7}, Reminder{User: 7, Reminder: flows.Reminder{Phase: flows.PhaseWait}}, Reminder{User: 8})
}

func (o records) Quarantined() iter.Seq2[Quarantined, error] {
	return seq(o.bad, Quarantined{Raw: []byte("78, 17, 8")})
}

// TestExportIsWhole: whatever is kept in a state is in its record, and so are the words
// of messages and of updates in quarantine. The export of a person has all that is
// theirs and no more.
func TestExportIsWhole(t *testing.T) {
	var texts []string
	r := records{bad: Quarantined{UpdateID: 3, Raw: []byte(`{"from":7,"text":"in quarantine"}`), Cause: "undecodable"}}
	marked(reflect.ValueOf(&r.state).Elem(), &texts)
	r.state.User = 7
	r.message = Message{User: 7, Chat: 7, Message: flows.Message{Edit: 4, Text: "in a message", Keyboard: [][]flows.Key{{{Label: "on a key"}}}}}
	export := func(r Reader) string {
		var out strings.Builder
		if err := Export(r, &out, nil); err != nil {
			t.Fatal(err)
		}
		return out.String()
	}
	got := export(r)
	for _, text := range append(texts, "in a message", "on a key", `\"text\":\"in quarantine\"`, `"record":"timer"`, `"record":"edit"`) {
		if !strings.Contains(got, text) {
			t.Errorf("%s is kept, and not exported", text)
		}
	}
	if len(texts) < 40 {
		t.Errorf("only %d texts", len(texts))
	}
	theirs := export(OfPerson(r, 7))
	n, err := Kept(OfPerson(r, 7))
	if want := (Forgotten{1, 1, 1, 2, 1, 1}); err != nil || n != want {
		t.Errorf("kept of the person: %+v, %v, want %+v", n, err, want)
	}
	if lines := strings.Count(theirs, "\n"); strings.Contains(theirs, `"user":8`) || lines != 7+1 {
		t.Errorf("of the person %d lines are exported:\n%s", lines, theirs)
	}
}
