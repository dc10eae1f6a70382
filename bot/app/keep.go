package app

import (
	"bytes"
	"encoding/json"
	"fmt"

	"spasmbot/flows"
	"spasmbot/flows/engine"
	"spasmbot/flows/lang"
	"spasmbot/storage"
)

// ReadKept reads what is kept of a person. Everything of it is in Records as well, as
// [storage.Export] writes it.
func ReadKept(r storage.Reader, user int64, sleep storage.SleepOf) (k Kept, err error) {
	r = storage.OfPerson(r, user)
	if k.State, err = r.State(user); err != nil {
		return k, fmt.Errorf("read what is kept of a person: %w", err)
	}
	for e, err := range r.Episodes() {
		if err != nil {
			return k, fmt.Errorf("read the episodes of a person: %w", err)
		}
		k.Episodes = append(k.Episodes, e.Episode)
	}
	for e, err := range r.Entries() {
		if err != nil {
			return k, fmt.Errorf("read the timeline of a person: %w", err)
		}
		k.Entries = append(k.Entries, e.Entry)
	}
	var lines bytes.Buffer
	if err := storage.Export(r, &lines, sleep); err != nil {
		return k, err
	}
	for line := range bytes.Lines(lines.Bytes()) {
		if !bytes.HasPrefix(line, []byte(`{"record":"clock"`)) { // it is nobody's
			k.Records = append(k.Records, json.RawMessage(bytes.TrimSpace(line)))
		}
	}
	return k, nil
}

// Known reports whether anything is kept of the person.
func (k Kept) Known() bool {
	return len(k.Records) > 0 || len(k.Entries) > 0 || k.State.Seal != 0 || k.State.Episode != flows.Episode{}
}

// SleepIn tells of a person when they sleep, by the flow of their last episode.
func SleepIn(cat *lang.Catalog) storage.SleepOf {
	return func(s *flows.State) *storage.Sleep {
		f := cat.Flow(s.Episode.Flow)
		if f == nil {
			return nil
		}
		awake := engine.Waking(cat, s, s.Heard, f)
		return &storage.Sleep{From: clockTime(awake.To), To: clockTime(awake.From)}
	}
}

// clockTime spells a minute of the day.
func clockTime(minute int) string { return fmt.Sprintf("%02d:%02d", minute/60%24, minute%60) }
