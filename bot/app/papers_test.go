package app

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"spasmbot/bot"
	"spasmbot/bot/chat"
	"spasmbot/flows"
	"spasmbot/flows/catalog"
	"spasmbot/flows/lang"
	"spasmbot/flows/markup"
	"spasmbot/storage"
	"spasmbot/storage/boltstore"
)

var papersBegin = time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)

// storedPerson keeps somebody with a spasm of 30 days and 1,000 entries, and others with
// as much.
func storedPerson(tb testing.TB, others int) (*boltstore.Store, *lang.Catalog) {
	tb.Helper()
	c, err := catalog.Load(catalog.Shipped(), "UTC")
	if err != nil {
		tb.Fatal(err)
	}
	store, err := boltstore.Open(filepath.Join(tb.TempDir(), "bot.db"))
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { store.Close() })
	for user := int64(7); user <= int64(7+others); user++ {
		if err := store.Update(tb.Context(), func(tx storage.Tx) error { return putMonth(tx, user) }); err != nil {
			tb.Fatal(err)
		}
	}
	return store, c
}

func putMonth(tx storage.Tx, user int64) error {
	e := flows.Episode{Number: 1, Flow: "spasm", Started: papersBegin, Onset: papersBegin}
	s := flows.State{User: user, Seal: 5, Zone: "Europe/Athens", Episode: e, Entries: 1000}
	s.SetVar("in_country", flows.TextOf("us"))
	s.SetVar("facts_bleeding", flows.BoolOf(true))
	s.Pending = []flows.Reminder{{ID: 1, Episode: 1, Kind: "check_in", Phase: flows.PhaseTick, Track: "check_in", Due: papersBegin.Add(30*24*time.Hour + 9*time.Hour)}}
	if err := tx.PutState(s); err != nil {
		return err
	}
	if err := tx.PutEpisode(storage.Episode{User: user, Episode: e}); err != nil {
		return err
	}
	for i := range 1000 {
		entry := flows.Entry{Seq: uint64(i + 1), Episode: 1, At: papersBegin.Add(time.Duration(i) * 43 * time.Minute), Kind: flows.EntryAnswer}
		switch i % 4 {
		case 0:
			entry.Step, entry.Value = "pain", float64(9-i/150)
		case 1:
			entry.Kind, entry.Step, entry.UpdateID = flows.EntryReminder, "cold-on", int64(i)
		case 2:
			entry.Step, entry.Choice = "cold-check", "done"
		case 3:
			entry.Kind, entry.Step = flows.EntryReminder, "cold-off"
		}
		if err := tx.PutEntry(storage.Entry{User: user, Entry: entry}); err != nil {
			return err
		}
	}
	return nil
}

// handed is a paper as it is handed over, read from a store and made.
func handed(tb testing.TB, store storage.Store, c *lang.Catalog, paper flows.Paper, text string) (bot.Paper, bot.Draft, error) {
	tb.Helper()
	p := &papers{flows: newInUse(c), version: "v1", keep: 365 * 24 * time.Hour}
	m := storage.Message{User: 7, Chat: 7, Message: flows.Message{Paper: paper, Text: text}}
	draft, err := storage.Read(context.Background(), store, func(r storage.Reader) (bot.Draft, error) {
		return p.draft(r, m, papersBegin.Add(30*24*time.Hour))
	})
	if err != nil {
		tb.Fatal(err)
	}
	made, err := draft.Make()
	return made, draft, err
}

// TestPapersHanded: each paper is what its name says, with the words of the step and what
// it says of itself, which never exceed a caption.
func TestPapersHanded(t *testing.T) {
	store, c := storedPerson(t, 1)
	if len(PaperFiles) != len(flows.Papers) {
		t.Errorf("%d papers have a file, of %d", len(PaperFiles), len(flows.Papers))
	}
	for paper, want := range map[flows.Paper]struct {
		kind   chat.MediaKind
		begins string
		says   []string
	}{
		flows.TimelinePaper: {chat.Photo, "\x89PNG", []string{"Days 1 to 31", "Pain: 9 at first, 3 last", "Cold: 250×"}},
		flows.ReportPaper:   {chat.Document, "%PDF-1.", nil},
		flows.CalendarPaper: {chat.Document, "BEGIN:VCALENDAR", []string{"How is your back?: every day at 09:00", "at 19:00"}},
		flows.TablePaper:    {chat.Document, "\uFEFFTime,Kind", nil},
		flows.DataPaper:     {chat.Document, "{", []string{"Answers and events: 1000", "Spasms and exercise plans: 1", "From Mon 2 Mar 2026 to Wed 1 Apr 2026", "goes after 365 days"}},
	} {
		made, draft, err := handed(t, store, c, paper, "<b>Yours &amp; mine</b>")
		if err != nil || made.Kind != want.kind || !strings.HasPrefix(string(made.Data), want.begins) {
			t.Errorf("%s: a %s that begins with %.20q: %v", paper, made.Kind, made.Data, err)
		}
		if !strings.HasPrefix(made.Text, "<b>Yours &amp; mine</b>") || want.says == nil && made.Text != "<b>Yours &amp; mine</b>" {
			t.Errorf("%s says %q", paper, made.Text)
		}
		for _, words := range want.says {
			if !strings.Contains(made.Text, words) {
				t.Errorf("%s says %q, without %q", paper, made.Text, words)
			}
		}
		if !strings.HasPrefix(draft.Sorry, "I could not make that file") {
			t.Errorf("%s: instead it is said %q", paper, draft.Sorry)
		}
		long, _, err := handed(t, store, c, paper, strings.Repeat("é", markup.MaxCaption-20))
		if n := markup.Length(long.Text); err != nil || n > markup.MaxCaption || want.says != nil && n < markup.MaxCaption-5 {
			t.Errorf("%s says %d characters below long words: %v", paper, n, err)
		}
	}
	if _, _, err := handed(t, store, c, "letter", ""); err == nil {
		t.Error("a letter was made")
	}
}

// TestChartByTheChat: the chart is dark for whoever has a dark chat.
func TestChartByTheChat(t *testing.T) {
	store, c := storedPerson(t, 0)
	light, _, _ := handed(t, store, c, flows.TimelinePaper, "")
	err := store.Update(t.Context(), func(tx storage.Tx) error {
		s, err := tx.State(7)
		if err != nil {
			return err
		}
		s.SetVar("dark_chat", flows.BoolOf(true))
		return tx.PutState(s)
	})
	if err != nil {
		t.Fatal(err)
	}
	if dark, _, _ := handed(t, store, c, flows.TimelinePaper, ""); string(dark.Data) == string(light.Data) || len(dark.Data) == 0 {
		t.Error("the chart is as light as before")
	}
}

// Each paper is read from the store and made for a spasm of 30 days with 1,000 entries,
// beside a hundred others.
func BenchmarkHanded(b *testing.B) {
	store, c := storedPerson(b, 100)
	for _, paper := range flows.Papers {
		b.Run(fmt.Sprint(paper), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, _, err := handed(b, store, c, paper, "x"); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
