package markup

import "strings"

// Escape makes text safe inside Telegram's HTML.
func Escape(s string) string {
	if !strings.ContainsAny(s, "<>&") {
		return s
	}
	var b strings.Builder
	for i := range len(s) {
		escapeByte(&b, s[i])
	}
	return b.String()
}

func escapeByte(b *strings.Builder, c byte) {
	switch c {
	case '<':
		b.WriteString("&lt;")
	case '>':
		b.WriteString("&gt;")
	case '&':
		b.WriteString("&amp;")
	default:
		b.WriteByte(c)
	}
}
