package typed

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// Words are the words of what was typed, in small letters. Apostrophes are left out,
// since many leave them out: "can't" is "cant".
func Words(text string) []string {
	small := strings.ReplaceAll(strings.ToLower(Plain(text)), "'", "")
	return strings.FieldsFunc(small, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r)
	})
}

// Phrase is some words that are looked for in what people type.
type Phrase []pattern

// pattern is a word of a phrase, which may go on before or behind what is written.
type pattern struct {
	word          string
	front, behind bool
	// numbers is what stands in the place of a word for any number of a span. It counts
	// what is behind it, so nothing comes in between: "20 pills", and not "20 minutes,
	// pills".
	numbers *span
	// first says that it is the first word that was typed.
	first bool
}

// span are the numbers from one to another.
type span struct{ from, to int }

// mostBetween is how many other words may stand between two of a phrase: "my chest
// really hurts" is found by "chest hurts".
const mostBetween = 2

// ParsePhrase reads a phrase. A hyphen at the end of a word stands for any letters:
// "breath-" is found in "breathing"; "10..99" stands for a number from 10 to 99. "^20
// pills" is found where somebody begins with it. It is not ok if there is no word, or a
// span that holds no number.
func ParsePhrase(s string) (p Phrase, ok bool) {
	s, first := strings.CutPrefix(strings.TrimSpace(Plain(s)), "^")
	defer func() {
		if ok {
			p[0].first = first
		}
	}()
	for _, field := range strings.Fields(s) {
		if from, to, spans := strings.Cut(field, ".."); spans {
			numbers, ok := parseSpan(from, to)
			if !ok {
				return nil, false
			}
			p = append(p, pattern{numbers: &numbers})
			continue
		}
		word := strings.Join(Words(field), "")
		if word == "" {
			return nil, false
		}
		p = append(p, pattern{word: word, front: strings.HasPrefix(field, "-"), behind: strings.HasSuffix(field, "-")})
	}
	return p, len(p) > 0
}

func parseSpan(from, to string) (numbers span, ok bool) {
	least, err := strconv.Atoi(from)
	if err != nil {
		return span{}, false
	}
	most, err := strconv.Atoi(to)
	return span{least, most}, err == nil && least <= most
}

// In reports whether the phrase is in some words: all of its own in their order, with
// few others in between.
func (p Phrase) In(words []string) bool {
	for i := range words {
		if p.from(words[i:], 0) {
			return true
		}
		if p[0].first {
			break
		}
	}
	return false
}

// from reports whether the first word, or one of the next few, begins the phrase.
func (p Phrase) from(words []string, others int) bool {
	if len(p) == 0 {
		return true
	}
	for i, word := range words[:min(len(words), others+1)] {
		between := mostBetween
		if p[0].numbers != nil {
			between = 0
		}
		if p[0].is(word) && p[1:].from(words[i+1:], between) {
			return true
		}
	}
	return false
}

func (p pattern) is(word string) bool {
	switch {
	case p.numbers != nil:
		n, err := strconv.Atoi(word)
		return err == nil && p.numbers.from <= n && n <= p.numbers.to
	case p.front && p.behind:
		return strings.Contains(word, p.word)
	case p.front:
		return strings.HasSuffix(word, p.word)
	case p.behind:
		return strings.HasPrefix(word, p.word)
	}
	return word == p.word
}

// AnyIn reports whether one of some phrases is in some words.
func AnyIn(phrases []Phrase, words []string) bool {
	return slices.ContainsFunc(phrases, func(p Phrase) bool { return p.In(words) })
}
