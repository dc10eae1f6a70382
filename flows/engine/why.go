package engine

import (
	"cmp"

	"spasmbot/flows"
	"spasmbot/flows/lang"
)

// What is said of the reminder that came last is read off the reminder itself, as the
// ledger has it: nothing is reckoned anew.

// ofStep is what a step says.
func (x texts) ofStep(s *lang.Step) string {
	if !s.Tells() {
		return x.of(s.ID, "text")
	}
	key, came := "text", x.lastCame()
	if came == nil {
		key = lang.WhyNothing
	}
	return x.filled(s.ID, key, func(name string) (string, bool) {
		switch {
		case name == lang.CardComing:
			return cmp.Or(x.coming(), lang.Nothing), true
		case came == nil:
			return "", false
		case name == lang.WhyCame:
			return x.which(s, came), true
		case name == lang.WhyMoved:
			return x.moved(s, came), true
		}
		return "", false
	})
}

// lastCame is what has come by itself last in the episode, nil if nothing has.
func (x texts) lastCame() *flows.Came {
	came := &x.p.s.Came
	if came.At.IsZero() || came.Reminder.Episode != x.p.s.Episode.Number {
		return nil
	}
	return came
}

// which says which reminder it was.
func (x texts) which(s *lang.Step, came *flows.Came) string {
	section, key := came.Reminder.Kind, lang.CameText
	switch {
	case came.Reminder.Track == screenTrack:
		section, key = s.ID, lang.WhyAskedOn
	case x.p.catalog.Text(x.p.s.Lang, section, key).Source == "":
		section, key = s.ID, lang.WhyReminder
	}
	return x.filled(section, key, func(name string) (string, bool) {
		return x.clock(came.At), name == lang.CameAt
	})
}

// moved says what has moved it from when it was to come.
func (x texts) moved(s *lang.Step, came *flows.Came) string {
	r := came.Reminder
	key, first := string(r.Moved), r.First
	switch {
	case came.At.Sub(r.Due) > flows.Answering:
		key, first = lang.WhyLate, r.Due
	case r.Moved == "":
		key = lang.WhyInTime
	}
	return x.filled(s.ID, key, func(name string) (string, bool) {
		return x.clock(first), name == lang.WhyFirst
	})
}

// filled renders a text that fills in some names of its own.
func (x texts) filled(section, key string, own func(name string) (html string, ok bool)) string {
	tmpl := x.p.catalog.Text(x.p.s.Lang, section, key)
	return tmpl.HTML(func(name string) string {
		if html, ok := own(name); ok {
			return html
		}
		return x.value(name, nil)
	})
}

// coming is what comes next, and when, of what has words for that.
func (x texts) coming() string {
	x.foresee()
	var next flows.Reminder
	text := ""
	for _, r := range x.p.s.Pending {
		spec := x.p.catalog.Track(r.Track)
		if spec == nil || !r.Starts() || text != "" && !r.Due.Before(next.Due) || !x.comes(spec, r) {
			continue
		}
		if says := x.about(x.p.track(r.Track), r.Kind, lang.ComingText); says != "" {
			next, text = r, says
		}
	}
	return text
}
