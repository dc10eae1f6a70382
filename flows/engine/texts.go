package engine

import (
	"cmp"
	"strconv"
	"time"

	"spasmbot/flows"
	"spasmbot/flows/lang"
	"spasmbot/flows/lang/ask"
	"spasmbot/flows/markup"
	"spasmbot/flows/plan"
)

// texts renders the texts of the catalog for a person.
type texts struct {
	p *person
	// foresee brings the timers up to what the turn has changed.
	foresee func()
}

// of renders a text.
func (x texts) of(section, key string) string { return x.about(nil, section, key) }

// known renders a text, or the one with _bare behind its name if there is one and
// the person has not told all that the text names.
func (x texts) known(section, key string) string {
	tmpl := x.p.catalog.Text(x.p.s.Lang, section, key)
	bare := x.p.catalog.Text(x.p.s.Lang, section, key+"_bare")
	if bare.Source == "" {
		return x.of(section, key)
	}
	for _, name := range tmpl.Placeholders() {
		if !lang.Known(x.value(name, nil)) {
			return x.of(section, key+"_bare")
		}
	}
	return x.of(section, key)
}

// about renders a text that belongs to a track.
func (x texts) about(tr *flows.Track, section, key string) string {
	tmpl := x.p.catalog.Text(x.p.s.Lang, section, key)
	return tmpl.HTML(func(name string) string {
		if list, ok := x.signs(section, name); ok {
			return list
		}
		return x.value(name, tr)
	})
}

// signs are the warning signs that a step lists for the person; ok is false if the
// name is not that of a list.
func (x texts) signs(section, name string) (html string, ok bool) {
	if name != lang.SignsPlaceholder || x.p.catalog.SignTable() == nil {
		return "", false
	}
	s := x.p.catalog.Step(section)
	if s == nil {
		return "", false
	}
	q, ok := s.Question.(ask.AboutSigns)
	if !ok {
		return "", false
	}
	return x.p.catalog.SignLines(x.p.s.Lang, q.About().For(x.p.view(s))), true
}

// kept renders a text about a track that was kept as it was written.
func (x texts) kept(tr *flows.Track, source string) string {
	if source == "" {
		return ""
	}
	tmpl := lang.Reread(source, x.p.s.Lang)
	html := tmpl.HTML(func(name string) string { return x.value(name, tr) })
	if markup.Length(html) > markup.MaxText {
		// These flows keep longer values than those that it was written for.
		return tmpl.HTML(func(string) string { return lang.Nothing })
	}
	return html
}

// button is what stands on a button of a reminder.
func (x texts) button(kind, action string) string {
	if action == actOn {
		action = actDone // the first button, of a call as of all others
	}
	label := x.p.catalog.Text(x.p.s.Lang, kind, action+"_label")
	if label.Source == "" {
		label = x.p.catalog.Text(x.p.s.Lang, "buttons", action)
	}
	return label.Plain()
}

// value fills in a placeholder.
func (x texts) value(name string, tr *flows.Track) string {
	switch name {
	case "clock":
		return x.p.Local().Format("15:04")
	case "weekday":
		return x.p.Local().Weekday().String()
	case "called", "off", "next", "count":
		return x.ofTrack(name, tr)
	case "zone": // that of the flows is a guess
		return cmp.Or(markup.Escape(x.p.s.Zone), lang.Nothing)
	case "next_message":
		if at := x.nextMessage(); !at.IsZero() {
			return x.clock(at)
		}
		return lang.Nothing
	case lang.EntriesSoFar:
		return strconv.FormatUint(x.p.s.Entries, 10)
	case lang.KeepDays:
		if days := int(x.p.catalog.Operator.Keep / (24 * time.Hour)); days > 0 {
			return strconv.Itoa(days)
		}
		return lang.Nothing
	case lang.EpisodesSoFar:
		return strconv.FormatUint(x.p.s.Episode.Number, 10)
	}
	if html, ok := x.p.catalog.OperatorHTML(x.p.s.Lang, name); ok {
		return html
	}
	if r, ok := x.p.catalog.SignReading(name); ok {
		return x.p.catalog.SignText(x.p.s.Lang, ask.Plain(x.p.s.Var(r.Step)), r.Part)
	}
	switch v := x.p.Lookup(name).(type) {
	case string:
		return x.shown(name, flows.TextOf(v))
	case float64:
		return x.shown(name, flows.NumberOf(v))
	case bool:
		if v {
			return lang.Truth
		}
	case time.Time:
		if !v.IsZero() {
			return x.clock(v)
		}
	}
	return lang.Nothing
}

// shown is the value of a variable as it stands in a text. What an earlier edition
// of the flows has kept may be longer than there is room for. A text that was kept
// may show a variable that there is no more.
func (x texts) shown(name string, v flows.Value) string {
	most := lang.MostHeld
	if _, known := x.p.catalog.Vars[name]; known {
		most = x.p.catalog.Longest(name)
	}
	return markup.Escape(markup.Clip(x.label(name, v), most))
}

// label is how the value of a variable reads: as its question says if it is an
// answer.
func (x texts) label(name string, v flows.Value) string {
	if s := x.p.catalog.Step(name); s != nil && s.Question != nil {
		return s.Question.Label(x.p.view(s), v)
	}
	return ask.Plain(v)
}

// ofTrack fills in what a track has to tell; tr may be nil.
func (x texts) ofTrack(name string, tr *flows.Track) string {
	switch {
	case name == "count" && tr == nil:
		return "0"
	case name == "count":
		return strconv.Itoa(x.p.RoundsToday(tr.Name))
	case tr == nil:
	case name == "called" && !tr.On.IsZero():
		return x.clock(tr.On)
	case name == "off" && !tr.On.IsZero():
		return x.clock(tr.Ends)
	case name == "next":
		if at := x.nextOf(tr); !at.IsZero() {
			return x.clock(at)
		}
	}
	return lang.Nothing
}

// nextOf is when a track starts next, zero if it does not as far as is known now.
func (x texts) nextOf(tr *flows.Track) time.Time {
	x.foresee()
	for _, r := range x.p.s.Pending {
		if r.Track == tr.Name && r.Starts() && x.comes(x.p.catalog.Track(r.Track), r) {
			return r.Due
		}
	}
	return time.Time{}
}

// nextMessage is when the next reminder comes, zero for never.
func (x texts) nextMessage() time.Time {
	var at time.Time
	x.foresee()
	for _, r := range x.p.s.Pending {
		if spec := x.p.catalog.Track(r.Track); spec != nil && x.comes(spec, r) {
			at = earliest(at, r.Due)
		}
	}
	return at
}

// comes reports whether a reminder will come, as far as is known now: as a message,
// or as a flow that has something to say.
func (x texts) comes(spec *lang.TrackSpec, r flows.Reminder) bool {
	return spec == nil || spec.When == nil || !r.Starts() || x.p.at(r.Due).holds(spec.When)
}

// clock shows an instant in the reader's own zone where the client can, and in
// the zone the person has told us where it cannot. On another day it has its day
// of the week, and where that day comes again in between, its date.
func (x texts) clock(at time.Time) string {
	local := at.In(x.p.zone())
	format, fallback := "t", local.Format("15:04")
	switch days := plan.DaysBetween(x.p.zone(), x.p.now, at); {
	case days < -6 || days > 6:
		format, fallback = "wDt", local.Format("Monday 2 January 2006 15:04")
	case days != 0:
		format, fallback = "wt", local.Format("Monday 15:04")
	}
	return `<tg-time unix="` + strconv.FormatInt(at.Unix(), 10) + `" format="` + format + `">` + fallback + `</tg-time>`
}
