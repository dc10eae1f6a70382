package lang

import (
	"cmp"
	"slices"
	"strings"

	"spasmbot/flows/typed"
)

// WordsSection is the section of the texts with the words that lead to flows: a phrase
// a line, by the flow.
const WordsSection = "words"

// heard are the phrases that lead to a flow, in one language.
type heard struct {
	flow    *Flow
	phrases []typed.Phrase
}

// Phrases are the lines of a list of words. Those that are no phrase are told apart.
func Phrases(list string) (phrases []typed.Phrase, bad []string) {
	for line := range strings.Lines(list) {
		if p, ok := typed.ParsePhrase(line); ok {
			phrases = append(phrases, p)
		} else if strings.TrimSpace(line) != "" {
			bad = append(bad, strings.TrimSpace(line))
		}
	}
	return phrases, bad
}

// hear gathers the phrases of each language, in the order in which they are looked at.
func (c *Catalog) hear() map[string][]heard {
	var list []*Flow
	for _, f := range c.order {
		if f.Words > 0 {
			list = append(list, f)
		}
	}
	slices.SortStableFunc(list, func(a, b *Flow) int { return cmp.Compare(a.Words, b.Words) })
	out := make(map[string][]heard, len(c.texts))
	for name, texts := range c.texts {
		for _, f := range list {
			words, _ := texts.Lookup(WordsSection, f.ID)
			phrases, _ := Phrases(words.Plain())
			out[name] = append(out[name], heard{f, phrases})
		}
	}
	return out
}

// Heard returns the flow whose words are in what was typed, nil if none are. Words of
// the person's language count, and English ones, which many use.
func (c *Catalog) Heard(lang, text string) *Flow {
	words := typed.Words(text)
	base, _, _ := strings.Cut(lang, "-")
	for _, name := range []string{strings.ToLower(base), English} {
		for _, h := range c.words[name] {
			if typed.AnyIn(h.phrases, words) {
				return h.flow
			}
		}
	}
	return nil
}
