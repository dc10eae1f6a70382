package markup

import (
	"html"
	"strings"
	"unicode/utf16"
)

// What Telegram takes, in UTF-16 units of the text that is read, without its
// markup.
const (
	MaxText    = 4096
	MaxCaption = 1024 // under a picture
	MaxToast   = 200  // of the answer to a press
	MaxMenu    = 256  // of a line of the command menu
	MaxCopied  = 256  // that a button puts on the clipboard

	MaxDescription = 512 // of a bot, in a chat that is still empty
	MaxAbout       = 120 // of a bot, on its page
)

var escapes = strings.NewReplacer("<", "&lt;", ">", "&gt;", "&", "&amp;")

// Escape makes text safe inside Telegram's HTML.
func Escape(s string) string { return escapes.Replace(s) }

// Plain is what is read of a piece of HTML.
func Plain(s string) string {
	if !strings.ContainsAny(s, "<&") {
		return s
	}
	var b strings.Builder
	for {
		before, rest, tag := strings.Cut(s, "<")
		b.WriteString(html.UnescapeString(before))
		if !tag {
			return b.String()
		}
		_, s, _ = strings.Cut(rest, ">")
	}
}

// Length is how long a piece of HTML is for Telegram.
func Length(s string) int { return Units(Plain(s)) }

// Units counts the UTF-16 units of a text, which is how Telegram counts.
func Units(s string) int {
	n := 0
	for _, r := range s {
		n += max(utf16.RuneLen(r), 1) // what is no rune becomes one of a unit
	}
	return n
}

// Clip shortens a text to a number of UTF-16 units.
func Clip(s string, most int) string {
	if len(s) <= most || Units(s) <= most {
		return s
	}
	n := 0
	for i, r := range s {
		if n += max(utf16.RuneLen(r), 1); n > most-1 {
			return s[:i] + "…"
		}
	}
	return s
}
