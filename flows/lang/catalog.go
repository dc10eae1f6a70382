package lang

import (
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"spasmbot/flows"
	"spasmbot/flows/places"
)

// Catalog is a checked set of flows with their texts. It does not change.
type Catalog struct {
	flows  map[string]*Flow
	order  []*Flow
	tracks map[string]*TrackSpec
	heirs  heirs
	signs  *SignTable
	// readings are the names by which texts show the warning sign that was told.
	readings map[string]SignReading
	// remember holds the variables that outlive an episode.
	remember map[string]bool
	lapses   []Lapse
	// consents are the variables of which one is to be true of whoever is kept.
	consents []string
	// gates holds the parts of answers that each gate is read off.
	gates map[string][]string
	texts map[string]*Texts
	// lasting holds the flows that choices lead to once their question is over.
	lasting map[string]string
	// words are the phrases that lead to flows, by language.
	words map[string][]heard
	// longest finds the bounds of the placeholders when they are asked for first:
	// the variables come later than the flows.
	longest func() map[string]int
	zones   *places.Zones
	// Vars holds a value of its type for every variable of the flows: what
	// it is before it is set.
	Vars map[string]any
	// Media holds the pictures and animations that steps show, by name.
	Media map[string]flows.Media
	// Notes are hints for those who write the flows.
	Notes []Note
	// Fingerprint stands for the flows without the words of their texts: those
	// of equal fingerprints lead a person the same ways. It is 0 for flows that
	// were not read from files.
	Fingerprint uint64
	// DefaultZone is the IANA zone of people who have not told theirs.
	DefaultZone string
	// Operator is who runs the bot: set it before the catalog is used.
	Operator Operator
}

// NewCatalog indexes flows and texts, by language. It checks nothing: package
// catalog loads and checks.
func NewCatalog(flows []*Flow, texts map[string]*Texts, defaultZone string) *Catalog {
	c := &Catalog{
		flows: make(map[string]*Flow), order: flows, tracks: make(map[string]*TrackSpec),
		remember: make(map[string]bool), gates: make(map[string][]string), lasting: make(map[string]string),
		texts: texts, zones: places.NewZones(defaultZone), DefaultZone: defaultZone,
	}
	c.longest = sync.OnceValue(c.measure)
	for _, f := range flows {
		c.flows[f.ID] = f
		f.index = make(map[string]int, len(f.Steps))
		for i := range f.Steps {
			f.index[f.Steps[i].ID] = i
			for _, choice := range f.Steps[i].Choices {
				if choice.Lasting != "" {
					c.lasting[choice.ID] = choice.Lasting
				}
			}
		}
		c.lapses = append(c.lapses, f.Lapses...)
		if f.ForgetUnless != "" {
			c.consents = append(c.consents, f.ForgetUnless)
		}
		for _, name := range f.Remember {
			c.remember[name] = true
		}
		for i := range f.Tracks {
			c.tracks[f.Tracks[i].Name] = &f.Tracks[i]
		}
	}
	c.heirs = c.findHeirs()
	c.rememberWhole()
	c.findSigns()
	c.readGates()
	c.words = c.hear()
	return c
}

// rememberWhole lets an answer that outlives the episode do so with its parts.
func (c *Catalog) rememberWhole() {
	for _, f := range c.order {
		for i := range f.Steps {
			if s := &f.Steps[i]; s.Question != nil && c.remember[s.ID] {
				for _, v := range s.Question.Vars(s.ID) {
					c.remember[v.Name] = true
				}
			}
		}
	}
}

// readGates notes what each gate is read off.
func (c *Catalog) readGates() {
	for _, f := range c.order {
		for i := range f.Steps {
			s := &f.Steps[i]
			if s.Question == nil {
				continue
			}
			for _, g := range s.Question.Gates() {
				for _, part := range g.Of {
					c.gates[g.Name] = append(c.gates[g.Name], s.ID+"_"+part)
				}
			}
		}
	}
}

// Var is what a variable holds for a person. A gate is read off what is kept of the
// answer, by these flows: an edit applies to what was ticked before it.
func (c *Catalog) Var(s *flows.State, name string) flows.Value {
	parts, isGate := c.gates[name]
	if !isGate {
		return s.Var(name)
	}
	return flows.BoolOf(slices.ContainsFunc(parts, func(part string) bool { return s.Var(part) == flows.BoolOf(true) }))
}

// With is the catalog with other flows in place of its own: the same texts and
// media, and variables of the same types.
func (c *Catalog) With(list []*Flow) *Catalog {
	out := NewCatalog(list, c.texts, c.DefaultZone)
	out.Vars, out.Media = c.Vars, c.Media
	return out
}

// InZone is the catalog for people who are in another zone until they tell
// theirs.
func (c *Catalog) InZone(zone string) (*Catalog, error) {
	if err := CheckZone(zone); err != nil {
		return nil, err
	}
	out := *c
	out.zones, out.DefaultZone = places.NewZones(zone), zone
	return &out, nil
}

// CheckZone fails if there is no such time zone.
func CheckZone(zone string) error {
	if _, err := time.LoadLocation(zone); err != nil {
		return fmt.Errorf("time zone %q: %w: use an IANA name such as Europe/Berlin", zone, err)
	}
	return nil
}

// Flows returns the flows in the order of their names.
func (c *Catalog) Flows() []*Flow { return slices.Clone(c.order) }

// Flow returns a flow, nil if there is none of that id.
func (c *Catalog) Flow(id string) *Flow { return c.flows[id] }

// Track returns a round or recurrence, nil if there is none of that name.
func (c *Catalog) Track(name string) *TrackSpec { return c.tracks[name] }

// ForCommand returns the flow that a command starts in an episode of a flow, ""
// for outside of one. It is nil if none does.
func (c *Catalog) ForCommand(name, episode string) *Flow {
	for _, f := range c.order {
		if slices.Contains(f.Commands, name) && f.While.Holds(episode) {
			return f
		}
	}
	return nil
}

// StartCommand is what the messenger sends for the start button of a chat, and, with
// the name of a link behind it, for a link.
const StartCommand = "start"

// ForLink returns the flow that a link opens in an episode of a flow, "" for outside
// of one. It is nil if none does.
func (c *Catalog) ForLink(name, episode string) *Flow {
	for _, f := range c.order {
		if slices.Contains(f.Links, name) && f.While.Holds(episode) {
			return f
		}
	}
	return nil
}

// HelpFlow returns the flow behind "I need help now", nil if there is none.
func (c *Catalog) HelpFlow() *Flow {
	for _, f := range c.order {
		if f.Help {
			return f
		}
	}
	return nil
}

// Lasting returns the flow that a choice of that name leads to once its question is
// over, nil if there is none. It is the same whichever step the choice is of.
func (c *Catalog) Lasting(choice string) *Flow { return c.flows[c.lasting[choice]] }

// LastingChoices lists the choices that lead on once their question is over.
func (c *Catalog) LastingChoices() []string { return slices.Sorted(maps.Keys(c.lasting)) }

// HasCommand reports whether a command starts a flow at some time or other.
func (c *Catalog) HasCommand(name string) bool {
	return slices.ContainsFunc(c.order, func(f *Flow) bool { return slices.Contains(f.Commands, name) })
}

// Lapses lists what is kept of a person for a while only.
func (c *Catalog) Lapses() []Lapse { return c.lapses }

// Keeps reports whether a person may be kept when nothing waits for them: they have said
// what the flows demand for that, or these demand nothing.
func (c *Catalog) Keeps(s *flows.State) bool {
	said := func(name string) bool { return c.Var(s, name).Any() == true }
	return len(c.consents) == 0 || slices.ContainsFunc(c.consents, said)
}

// Remembers reports whether a variable outlives the episode.
func (c *Catalog) Remembers(name string) bool { return c.remember[name] }

// MenuLine is one line of the command menu.
type MenuLine struct{ Command, Description string }

// Menu lists the commands that people are shown, in their order.
func (c *Catalog) Menu(lang string) []MenuLine {
	var shown []*Flow
	for _, f := range c.order {
		if f.Menu > 0 && len(f.Commands) > 0 {
			shown = append(shown, f)
		}
	}
	slices.SortStableFunc(shown, func(a, b *Flow) int { return a.Menu - b.Menu })
	lines := make([]MenuLine, len(shown))
	for i, f := range shown {
		lines[i] = MenuLine{f.Commands[0], c.Text(lang, "menu", f.ID).Plain()}
	}
	return lines
}

// LanguageName is what a language calls itself, as far as its texts tell.
func (c *Catalog) LanguageName(lang string) string {
	if name := c.Text(lang, "system", "language").Plain(); name != "" {
		return name
	}
	return lang
}

// Languages lists the languages of the texts.
func (c *Catalog) Languages() []string { return slices.Sorted(maps.Keys(c.texts)) }

// Location returns an IANA zone, the catalog's default for an unknown name,
// and UTC if that is unknown too.
func (c *Catalog) Location(name string) *time.Location { return c.zones.Location(name) }
