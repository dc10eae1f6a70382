package simulator

import (
	"fmt"
	"strings"
	"unicode/utf16"
)

// formatHTML is the inverse of parseHTML, for entities that nest properly.
func formatHTML(text string, entities []Entity) string {
	if len(entities) == 0 {
		return escapeHTML(text)
	}
	f := formatter{units: utf16.Encode([]rune(text)), entities: entities}
	f.span(0, len(f.units))
	return f.out.String()
}

type formatter struct {
	units    []uint16
	entities []Entity // outer before inner; those already written are cut off
	out      strings.Builder
}

// span writes the text from begin to end with all entities that start inside.
func (f *formatter) span(begin, end int) {
	for len(f.entities) > 0 && f.entities[0].Offset < end {
		e := f.entities[0]
		f.entities = f.entities[1:]
		f.plain(begin, e.Offset)
		opening, closing := tags(e)
		f.out.WriteString(opening)
		f.span(e.Offset, e.end())
		f.out.WriteString(closing)
		begin = e.end()
	}
	f.plain(begin, end)
}

func (f *formatter) plain(begin, end int) {
	if begin < end {
		f.out.WriteString(escapeHTML(string(utf16.Decode(f.units[begin:end]))))
	}
}

func tags(e Entity) (opening, closing string) {
	switch e.Type {
	case "bold":
		return "<b>", "</b>"
	case "italic":
		return "<i>", "</i>"
	case "underline":
		return "<u>", "</u>"
	case "strikethrough":
		return "<s>", "</s>"
	case "spoiler":
		return "<tg-spoiler>", "</tg-spoiler>"
	case "code":
		return "<code>", "</code>"
	case "pre":
		if e.Language != "" {
			return fmt.Sprintf(`<pre><code class="language-%s">`, escapeHTML(e.Language)), "</code></pre>"
		}
		return "<pre>", "</pre>"
	case "blockquote":
		return "<blockquote>", "</blockquote>"
	case "expandable_blockquote":
		return "<blockquote expandable>", "</blockquote>"
	case "text_link":
		return fmt.Sprintf(`<a href="%s">`, escapeHTML(e.URL)), "</a>"
	case "custom_emoji":
		return fmt.Sprintf(`<tg-emoji emoji-id="%s">`, escapeHTML(e.CustomEmojiID)), "</tg-emoji>"
	case "date_time":
		return fmt.Sprintf(`<tg-time unix="%d" format="%s">`, e.UnixTime, escapeHTML(e.DateTimeFormat)), "</tg-time>"
	}
	return "", "" // found by the server itself: the text alone says it
}

func escapeHTML(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;").Replace(s)
}
