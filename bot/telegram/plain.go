package telegram

import (
	"html"
	"slices"
	"strings"
)

// plainText is what a reader sees of a text in Telegram's HTML. It is made for
// markup that the server has refused, so it takes off only what is a tag of
// Telegram's, and leaves a stray '<' or '&' as it stands.
func plainText(s string) string {
	var b strings.Builder
	for s != "" {
		i := strings.IndexAny(s, "<&")
		if i < 0 {
			break
		}
		b.WriteString(s[:i])
		s = s[i:]
		skip, text := 1, s[:1]
		if n := tagLength(s); n > 0 {
			skip, text = n, ""
		} else if n := entityLength(s); n > 0 {
			skip, text = n, html.UnescapeString(s[:n])
		}
		b.WriteString(text)
		s = s[skip:]
	}
	return b.String() + s
}

var tags = [...]string{
	"b", "strong", "i", "em", "u", "ins", "s", "strike", "del", "span", "tg-spoiler", "a",
	"tg-emoji", "tg-time", "code", "pre", "blockquote",
}

// tagLength is the length of the tag that s starts with, 0 if it is none. A
// '>' within a quoted attribute does not end it.
func tagLength(s string) int {
	if s[0] != '<' {
		return 0
	}
	body := strings.TrimPrefix(s[1:], "/")
	end := strings.IndexAny(body, "> \t\r\n/")
	if end < 0 || !slices.Contains(tags[:], strings.ToLower(body[:end])) {
		return 0
	}
	var quote byte
	for i := len(s) - len(body) + end; i < len(s); i++ {
		switch c := s[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '>':
			return i + 1
		}
	}
	return 0
}

// entityLength is the length of the character reference that s starts with, 0
// if it is none that Telegram knows: four by name, all by number.
func entityLength(s string) int {
	const longest = len("&#x0010FFFF;")
	end := strings.IndexByte(s[:min(len(s), longest)], ';')
	if s[0] != '&' || end < 0 {
		return 0
	}
	switch name := s[1:end]; {
	case name == "lt", name == "gt", name == "amp", name == "quot", strings.HasPrefix(name, "#"):
		return end + 1
	}
	return 0
}
