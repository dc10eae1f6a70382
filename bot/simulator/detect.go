package simulator

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// detectEntities adds what the server recognises by itself in any text: bot commands, mentions, hashtags and links.
// Nothing is recognised where the text says of itself what it is (code, links, times).
func detectEntities(text string, entities []Entity) []Entity {
	if !strings.ContainsAny(text, "/@#:") {
		return entities
	}
	units, added := 0, 0
	previous := ' '
	for i := 0; i < len(text); {
		kind, size := "", 0
		if !isWord(previous) {
			kind, size = recognise(text[i:], previous)
		}
		if size == 0 {
			r, width := utf8.DecodeRuneInString(text[i:])
			units += utf16Width(r)
			previous = r
			i += width
			continue
		}
		e := Entity{Type: kind, Offset: units, Length: utf16Len(text[i : i+size])}
		if !slices.ContainsFunc(entities, func(o Entity) bool { return overlaps(o, e) && !isStyle(o.Type) && !isQuote(o.Type) }) {
			entities = append(entities, e)
			added++
		}
		units += e.Length
		previous = 'x'
		i += size
	}
	if added > 0 {
		sortEntities(entities)
	}
	return entities
}

func overlaps(a, b Entity) bool { return a.Offset < b.end() && b.Offset < a.end() }

func isWord(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) }

// recognise returns the kind and the size in bytes of the entity at the start of s, size 0 when there is none.
func recognise(s string, previous rune) (kind string, size int) {
	switch s[0] {
	case '/':
		if previous != '/' && previous != '<' && previous != '>' {
			return "bot_command", commandSize(s)
		}
	case '@':
		if n := asciiWord(s[1:]); n >= 3 && n <= 32 && previous != '@' && previous != '/' {
			return "mention", 1 + n
		}
	case '#':
		n := strings.IndexFunc(s[1:]+" ", func(r rune) bool { return !isWord(r) })
		if n > 0 && strings.ContainsFunc(s[1:1+n], unicode.IsLetter) {
			return "hashtag", 1 + n
		}
	case 'h', 'H':
		return "url", urlSize(s)
	}
	return "", 0
}

// commandSize measures /name or /name@bot.
func commandSize(s string) int {
	n := asciiWord(s[1:])
	if n == 0 || n > 64 {
		return 0
	}
	size := 1 + n
	if rest := s[size:]; strings.HasPrefix(rest, "@") {
		if m := asciiWord(rest[1:]); m >= 3 && m <= 32 {
			size += 1 + m
		}
	} else if strings.HasPrefix(rest, "/") {
		return 0 // a path, not a command
	}
	if r, _ := utf8.DecodeRuneInString(s[size:]); size < len(s) && isWord(r) {
		return 0
	}
	return size
}

func asciiWord(s string) int {
	for i := range len(s) {
		c := s[i]
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_') {
			return i
		}
	}
	return len(s)
}

func urlSize(s string) int {
	lower := strings.ToLower(s[:min(len(s), len("https://"))])
	if !strings.HasPrefix(lower, "http://") && !strings.HasPrefix(lower, "https://") {
		return 0
	}
	end := strings.IndexFunc(s, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune("<>\"«»", r) })
	if end < 0 {
		end = len(s)
	}
	found := strings.TrimRight(s[:end], ".,:;!?'\")]}")
	if _, ok := linkURL(found); !ok {
		return 0
	}
	return len(found)
}
