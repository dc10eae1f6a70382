package ask

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"spasmbot/flows"
	"spasmbot/flows/markup"
	"spasmbot/flows/typed"
)

// MaxTyped is the longest text that a person may be asked to type, in UTF-16
// units: a picture letter is two or more.
const MaxTyped = 1000

// textKind asks for words, to be typed.
type textKind struct{}

func (textKind) Word() string { return "text" }
func (textKind) Doc() string  { return "typed" }

func (textKind) Parts() []Part {
	return []Part{Bounds(), {
		Keys:   []Key{{Name: "pattern", Type: PatternKey, Doc: "A regular expression that a typed text must match as a whole."}},
		Astray: Fault{"has a pattern but no text is typed there", "a pattern belongs to {all}"},
	}}
}

func (textKind) Read(r Reader) Question {
	b, sound := readBounds(r)
	if sound && b.most > MaxTyped {
		r.Fault("most", fmt.Sprintf("step %q takes a text of %v characters", r.Step(), b.most), fmt.Sprintf("take at most %d", MaxTyped))
	}
	pattern, _ := r.Pattern("pattern")
	return text{length: b, pattern: pattern}
}

type text struct {
	ByTyping
	ForEverybody
	Unmeasured
	OneText
	length bounds // in UTF-16 units
	// pattern is what the whole text must match; nil is anything.
	pattern *regexp.Regexp
}

func (t text) Caption() string {
	return fmt.Sprintf("text of %v to %v", t.length.least, t.length.most)
}

func (text) Values() []string { return nil }

// Typed keeps words as they were typed, but for what cannot be seen around them.
// What has to match a pattern may be typed in another script.
func (t text) Typed(_ View, words string) Outcome {
	if !utf8.ValidString(words) {
		return NoAnswer()
	}
	words = typed.Trim(words)
	if !t.takes(words) && t.pattern != nil {
		words = typed.Plain(words)
	}
	if !t.takes(words) {
		return NoAnswer()
	}
	return Answer("", flows.TextOf(words))
}

func (t text) takes(words string) bool {
	return t.length.hold(float64(markup.Units(words))) && t.matches(words)
}

func (t text) matches(words string) bool { return t.pattern == nil || t.pattern.MatchString(words) }

func (text) Keep(_ View, s *flows.State, step string, answer flows.Value) { s.SetVar(step, answer) }

func (text) Label(_ View, answer flows.Value) string { return Plain(answer) }

func (t text) Longest(View) int { return int(min(t.length.most, MaxTyped)) }

func (t text) Samples(_ View, n Notable) Samples {
	return Samples{Typed: append(slices.Clone(n.Texts), t.sample(), "", strings.Repeat("x", int(t.length.most)+1))}
}

// sample finds a text that the question accepts, if one of a few does.
func (t text) sample() string {
	n := max(int(t.length.least), 1)
	for _, c := range []string{"a", "A", "1", "0", "a1 "} {
		if words := strings.Repeat(c, n); t.matches(words) {
			return words
		}
	}
	return strings.Repeat("a", n)
}

func (text) Possible(_ View, step string) []Possible { return []Possible{AnyText(step)} }
