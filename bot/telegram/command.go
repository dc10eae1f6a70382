package telegram

import (
	"encoding/json"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"spasmbot/flows"
	"spasmbot/flows/typed"
)

// entity is a marked part of a text, in UTF-16 units.
type entity struct {
	Type   string `json:"type"`
	Offset int    `json:"offset"`
	Length int    `json:"length"`
}

// textEvent reads a text message. What begins with a slash of any width, behind
// spaces and what cannot be seen, is a command. It returns nil for one that is
// meant for another bot, which only groups have: what is written to a bot in
// private is meant for that bot.
func textEvent(text string, entities json.RawMessage, username string, private bool) flows.Event {
	words := typed.Trim(text)
	slash, size := utf8.DecodeRuneInString(words)
	if typed.Plain(string(slash)) != "/" {
		return flows.Text{Text: text}
	}
	before, _, _ := strings.Cut(text, words)
	end := max(size, commandEnd(words, len(utf16.Encode([]rune(before))), entities))
	name, addressee, addressed := strings.Cut(typed.Plain(words[size:end]), "@")
	if name == "" {
		return flows.Text{Text: text}
	}
	if addressed && !private && username != "" && !strings.EqualFold(addressee, username) {
		return nil
	}
	return flows.Command{Name: strings.ToLower(name), Args: typed.Trim(words[end:])}
}

// commandEnd is the byte at which the command at the start of text ends. What
// the server has marked counts if it can be true; otherwise the first space. Its
// marks count from offset UTF-16 units before.
func commandEnd(text string, offset int, entities json.RawMessage) int {
	space := strings.IndexFunc(text, unicode.IsSpace)
	if space < 0 {
		space = len(text)
	}
	var marks []entity
	if len(entities) > 0 && json.Unmarshal(entities, &marks) == nil {
		for _, m := range marks {
			if m.Type != "bot_command" || m.Offset != offset {
				continue
			}
			if end, ok := utf16Index(text, m.Length); ok && m.Length > 1 && end <= space {
				return end
			}
		}
	}
	return space
}

// utf16Index is the byte index after the first n UTF-16 units of s. It is not
// ok if s is shorter or if the index would split a character.
func utf16Index(s string, n int) (index int, ok bool) {
	units := 0
	for i, r := range s {
		if units >= n {
			return i, units == n
		}
		units++
		if r > 0xFFFF {
			units++
		}
	}
	return len(s), units == n
}
