package trace_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"spasmbot/flows/catalog"
	"spasmbot/flows/trace"
)

// TestTranscripts: what the conversations of the engine bring is accepted.
func TestTranscripts(t *testing.T) {
	c := shipped(t)
	files, err := filepath.Glob("../engine/testdata/*.txt")
	if err != nil || len(files) < 10 {
		t.Fatal("no transcripts", err)
	}
	for _, name := range files {
		src, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(filepath.Base(name), func(t *testing.T) {
			d := newDiary(c)
			d.play(t, string(src))
			if len(d.entries) > 0 && d.setTo.IsZero() {
				for kept := range uint64(len(d.rows)) {
					accepts(t, d.Catalog, without(d.export(), kept+1)) // with the zone of the bot
				}
			}
		})
	}
}

// TestClockSetBack: where the bot's clock went back, nothing is refused for it.
func TestClockSetBack(t *testing.T) {
	c := shipped(t)
	d := newDiary(c)
	d.play(t, "> /spasm\n> press adult\n> wait 14m\n> setback 13m\n> press none\n> press lying\n")
	if got := judged(t, c, d.export())[0]; got.Verdict != trace.NotJudged || !strings.Contains(got.Why, "put back") {
		t.Errorf("a timeline over which the clock went back is %s: %s", got.Verdict, got.Why)
	}
	d.setFrom, d.setTo = d.setFrom.AddDate(0, 0, -1), d.setTo.AddDate(0, 0, -1)
	if got := judged(t, c, d.export())[0]; got.Verdict != trace.Refused || !strings.Contains(got.Why, "earlier than the entry before it") {
		t.Errorf("a timeline that goes back by itself is %s: %s", got.Verdict, got.Why)
	}
}

const intake = "> /spasm\n> press adult\n> press none\n> press lying\n"

// TestOtherVersions: what other flows have brought is named and not judged.
func TestOtherVersions(t *testing.T) {
	c := shipped(t)
	fits := newDiary(c)
	fits.play(t, intake)
	foreign := func(change func(row record)) []record {
		list := fits.export()
		change(list[0])
		return list
	}
	for want, list := range map[string][]record{
		"version 0123456789abcdef of the flows": foreign(func(row record) { row["version"] = "0123456789abcdef" }),
		"before versions were noted":            foreign(func(row record) { row["version"] = "" }),
		"no record of the episode":              fits.export()[1:],
		"beginning is not in the export":        append(fits.export()[:1], fits.export()[3:]...),
	} {
		got := judged(t, c, list)[0]
		if got.Verdict != trace.NotJudged || !strings.Contains(got.Why, want) {
			t.Errorf("it is %s: %q, want not judged: %q", got.Verdict, got.Why, want)
		}
	}
}

// TestEditedMeanwhile: of a timeline over which the flows were edited, the part
// before is held against them.
func TestEditedMeanwhile(t *testing.T) {
	c := shipped(t)
	other, err := catalog.Load(os.DirFS("../../docs/examples/ankle"), "UTC")
	if err != nil || other.Fingerprint == c.Fingerprint {
		t.Fatal("no other flows", err)
	}
	d := newDiary(c)
	d.play(t, intake)
	d.Catalog = other
	d.play(t, "> text hello\n> text hello\n")
	got := judged(t, c, d.export())[0]
	if got.Verdict != trace.NotJudged || !strings.Contains(got.Why, "edited behind entry 4") {
		t.Errorf("it is %s: %s", got.Verdict, got.Why)
	}
	list := d.export()
	for _, r := range list {
		if r["step"] == "emergency_signs" {
			r["choice"] = "nonsense"
		}
	}
	if got := judged(t, c, list)[0]; got.Verdict != trace.Refused || got.Entry != 3 || !strings.Contains(got.Why, "an answer to emergency_signs (none, any, unsure)") {
		t.Errorf("a wrong answer before the edit is %s at %d: %s", got.Verdict, got.Entry, got.Why)
	}
}

// TestRecordsAgree: the record of the episode says what its entries say.
func TestRecordsAgree(t *testing.T) {
	c := shipped(t)
	d := newDiary(c)
	d.play(t, intake+"> press none\n> press none\n> press hours\n")
	for name, change := range map[string]func(row record){
		"flow":    func(row record) { row["flow"] = "programme" },
		"started": func(row record) { row["started"] = d.Now.AddDate(0, 0, -1) },
		"onset":   func(row record) { row["onset"] = d.Now },
		"ended":   func(row record) { row["ended"] = d.Now },
	} {
		list := d.export()
		change(list[0])
		if got := judged(t, c, list)[0]; got.Verdict != trace.Refused || !strings.Contains(got.Why, "the record of the episode says") {
			t.Errorf("%s: it is %s: %s", name, got.Verdict, got.Why)
		}
	}
	d.play(t, "> /done\n> press next\n")
	accepts(t, c, d.export())
	list := d.export()
	list[0]["outcome"] = "stopped"
	if got := judged(t, c, list)[0]; got.Verdict != trace.Refused {
		t.Errorf("another outcome is %s", got.Verdict)
	}
	for _, r := range list {
		if r["kind"] == "end" {
			r["choice"] = "stopped"
		}
	}
	if got := judged(t, c, list)[0]; got.Verdict != trace.Refused || !strings.Contains(got.Why, `"end stopped"`) {
		t.Errorf("an end as none of the flow is %s: %s", got.Verdict, got.Why)
	}
}

// TestFactsAgree: what is known of a person is what they have said.
func TestFactsAgree(t *testing.T) {
	c := shipped(t)
	d := newDiary(c)
	d.play(t, intake)
	for name, change := range map[string]func(person record){
		"rest":  func(person record) { person["facts"].(map[string]any)["rest"] = "cannot" },
		"stage": func(person record) { person["facts"].(map[string]any)["stage"] = 2.0 },
		"zone":  func(person record) { person["zone"] = "Europe/Berlin" },
	} {
		list := d.export()
		change(list[len(list)-2])
		got := judged(t, c, list)[0]
		// What nothing on the timeline has set may have been known before.
		before := name == "stage" || name == "zone"
		if before && got.Verdict != trace.Accepted || !before && (got.Verdict != trace.Refused || !strings.Contains(got.Why, name)) {
			t.Errorf("%s: it is %s: %s", name, got.Verdict, got.Why)
		}
	}
}

// TestMissingBehind: what had to come behind the last entry is missed.
func TestMissingBehind(t *testing.T) {
	c := shipped(t)
	d := newDiary(c)
	d.play(t, intake+"> wait 4h\n> data old\n")
	accepts(t, c, d.export())
	list := d.export()
	cut := slices.IndexFunc(list, func(r record) bool { return r["kind"] == "timeout" })
	list = append(list[:cut], list[len(list)-2:]...)
	accepts(t, c, list) // the bot may have come back just now
	list = append(list, record{"record": "entry", "user": 43, "episode": "43-e1", "seq": 1, "at": d.Now.Add(-time.Hour), "kind": "stale"})
	if got := judged(t, c, list)[0]; got.Verdict != trace.Refused || !strings.Contains(got.Why, "behind it is missing: timeout, due at") {
		t.Errorf("it is %s: %s", got.Verdict, got.Why)
	}
}

// TestNextEpisodes: behind a timeline that is refused, the next is judged by itself.
func TestNextEpisodes(t *testing.T) {
	c := shipped(t)
	d := newDiary(c)
	d.play(t, intake+"> /done\n> wait 1d\n> /spasm\n> press none\n> /stop\n")
	list := d.export()
	if len(d.rows) < 2 {
		t.Fatal("there is one episode only")
	}
	for _, r := range list {
		if r["seq"] == uint64(3) {
			r["choice"] = "nonsense"
		}
	}
	got := judged(t, c, list)
	if got[0].Verdict != trace.Refused || got[len(got)-1].Verdict != trace.Accepted {
		t.Errorf("found %v", got)
	}
}

// TestReadSaysWhereAFileIsWrong.
func TestReadSaysWhereAFileIsWrong(t *testing.T) {
	for src, want := range map[string]string{
		"{}\n":           `line 1 of the export: no record: it lacks the field "record"`,
		"\n\nnonsense\n": "line 3 of the export: no record:",
		`{"record":"entry","user":7,"episode":"8-e1"}`:   `"8-e1" is no episode of person 7`,
		`{"record":"episode","user":7,"episode":"7-e0"}`: `"7-e0" is no episode of person 7`,
	} {
		if _, err := trace.Read(strings.NewReader(src)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: the error is %v, want %q", src, err, want)
		}
	}
	e, err := trace.Read(strings.NewReader(`{"record":"message","user":7,"id":"7-m1"}`))
	if err != nil || len(trace.Judge(shipped(t), e)) != 0 {
		t.Errorf("an export without timelines: %v", err)
	}
}
