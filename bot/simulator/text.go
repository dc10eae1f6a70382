package simulator

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	maxText     = 4096 // UTF-16 units, after the entities are taken out
	maxCaption  = 1024
	maxRawBytes = 32768 // text before its entities are taken out
)

// formatted reads a text parameter with its parse_mode or its explicit entities, and tidies it as the server does:
// outer space trimmed, forbidden nesting undone, commands and links recognised.
func (p params) formatted(field, entitiesField string) (string, []Entity, *apiError) {
	text := p.values[field]
	if !utf8.ValidString(text) {
		return "", nil, badRequest("strings must be encoded in UTF-8")
	}
	if len(text) > maxRawBytes {
		return "", nil, badRequest("%s is too long", messageOr(field))
	}
	text = strings.ReplaceAll(text, "\r", "")
	var entities []Entity
	switch mode := p.values["parse_mode"]; strings.ToLower(mode) {
	case "", "none":
		var err *apiError
		if entities, err = explicitEntities(p.values[entitiesField], text); err != nil {
			return "", nil, err
		}
	case "html":
		var err error
		if text, entities, err = parseHTML(text); err != nil {
			return "", nil, badRequest("can't parse entities: %s", err)
		}
	default:
		return "", nil, badRequest("unsupported parse_mode %q: this simulator knows HTML", mode)
	}
	text, entities = trimText(text, entities)
	entities = settleNesting(entities)
	entities = detectEntities(text, entities)
	return text, entities, nil
}

func messageOr(field string) string {
	if field == "caption" {
		return "message caption"
	}
	return "message"
}

func explicitEntities(raw, text string) ([]Entity, *apiError) {
	if raw == "" || raw == "null" {
		return nil, nil
	}
	var entities []Entity
	if err := json.Unmarshal([]byte(raw), &entities); err != nil {
		return nil, badRequest("can't parse entities: %s", err)
	}
	length := utf16Len(text)
	for i, e := range entities {
		if e.Offset < 0 || e.Length <= 0 || e.Offset+e.Length > length {
			return nil, badRequest("can't parse entities: entity %d lies outside of the text", i)
		}
		for _, other := range entities[:i] {
			if crosses(e, other) {
				return nil, badRequest("can't parse entities: entity %d crosses another one", i)
			}
		}
	}
	return entities, nil
}

func crosses(a, b Entity) bool {
	if a.Offset > b.Offset {
		a, b = b, a
	}
	return a.Offset < b.Offset && b.Offset < a.end() && a.end() < b.end()
}

func (e Entity) end() int { return e.Offset + e.Length }

// within says that e lies inside of outer.
func (e Entity) within(outer Entity) bool {
	return e.Offset >= outer.Offset && e.end() <= outer.end()
}

// trimText cuts space from both ends and moves the entities along. What is invisible counts as nothing.
func trimText(text string, entities []Entity) (string, []Entity) {
	if !hasVisible(text) {
		return "", nil
	}
	trimmed := strings.TrimLeftFunc(text, unicode.IsSpace)
	cut := utf16Len(text[:len(text)-len(trimmed)])
	trimmed = strings.TrimRightFunc(trimmed, unicode.IsSpace)
	if len(trimmed) == len(text) {
		return text, entities
	}
	length := utf16Len(trimmed)
	kept := entities[:0]
	for _, e := range entities {
		begin, end := max(e.Offset-cut, 0), min(e.end()-cut, length)
		if begin < end {
			e.Offset, e.Length = begin, end-begin
			kept = append(kept, e)
		}
	}
	return trimmed, kept
}

func hasVisible(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool {
		switch r {
		case 0x00AD, 0x034F, 0x061C, 0x180E, 0x2800, 0x3164, 0xFEFF, 0xFFA0:
			return false
		}
		invisible := unicode.IsSpace(r) || unicode.IsControl(r) || r >= 0x200B && r <= 0x200F ||
			r >= 0x202A && r <= 0x202E || r >= 0x2060 && r <= 0x206F || r >= 0xFE00 && r <= 0xFE0F
		return !invisible
	})
}

// settleNesting undoes what the documentation forbids: anything inside code or pre, links and the like inside one
// another, a quotation in a quotation. A style around code is cut in two.
func settleNesting(entities []Entity) []Entity {
	sortEntities(entities)
	var kept []Entity
	for _, e := range entities {
		if e.Type == "code" && e.Language != "" {
			if i := slices.IndexFunc(kept, func(o Entity) bool { return o.Type == "pre" && e.within(o) && o.within(e) }); i >= 0 {
				kept[i].Language = e.Language
				continue
			}
			e.Language = "" // only a code block has a language
		}
		if !slices.ContainsFunc(kept, func(outer Entity) bool { return e.within(outer) && forbids(outer.Type, e.Type) }) {
			kept = append(kept, e)
		}
	}
	return splitAroundCode(kept)
}

func forbids(outer, inner string) bool {
	switch {
	case outer == "code" || outer == "pre":
		return true
	case isStyle(outer) || isStyle(inner):
		return outer == inner
	case isQuote(outer):
		return isQuote(inner)
	default:
		return true
	}
}

func isStyle(kind string) bool {
	switch kind {
	case "bold", "italic", "underline", "strikethrough", "spoiler":
		return true
	}
	return false
}

func isQuote(kind string) bool { return kind == "blockquote" || kind == "expandable_blockquote" }

func isCode(kind string) bool { return kind == "code" || kind == "pre" }

func splitAroundCode(entities []Entity) []Entity {
	var out []Entity
	for _, e := range entities {
		if !isStyle(e.Type) {
			out = append(out, e)
			continue
		}
		rest := e
		for _, code := range entities {
			if !isCode(code.Type) || !code.within(rest) {
				continue
			}
			before, end := rest, rest.end()
			before.Length = code.Offset - rest.Offset
			if before.Length > 0 {
				out = append(out, before)
			}
			rest.Offset, rest.Length = code.end(), end-code.end()
		}
		if rest.Length > 0 {
			out = append(out, rest)
		}
	}
	sortEntities(out)
	return out
}

// sortEntities puts outer entities before inner ones. The order is stable, so that of two equal stretches the one the
// text closed later is not moved.
func sortEntities(entities []Entity) {
	slices.SortStableFunc(entities, func(a, b Entity) int {
		return cmp.Or(cmp.Compare(a.Offset, b.Offset), cmp.Compare(b.Length, a.Length), cmp.Compare(rank(a.Type), rank(b.Type)))
	})
}

func rank(kind string) int {
	switch {
	case isQuote(kind):
		return 0
	case kind == "pre":
		return 1
	case kind == "code":
		return 2
	case isStyle(kind):
		return 4
	default:
		return 3
	}
}

// linkURL normalises the target of a link; false when the server would drop it.
func linkURL(raw string) (string, bool) {
	raw = strings.TrimSpace(raw)
	if raw == "" || strings.ContainsFunc(raw, unicode.IsSpace) {
		return "", false
	}
	u, err := url.Parse(raw)
	if err != nil {
		return "", false
	}
	switch strings.ToLower(u.Scheme) {
	case "http", "https":
		if u.Host == "" || !strings.Contains(u.Hostname(), ".") && u.Hostname() != "localhost" {
			return "", false
		}
		if u.Path == "" {
			u.Path = "/"
		}
		return u.String(), true
	case "tg", "ton", "tonsite", "mailto", "tel":
		return raw, true
	case "":
		if host, _, _ := strings.Cut(raw, "/"); strings.Contains(strings.Trim(host, "."), ".") {
			return linkURL(fmt.Sprintf("http://%s", raw))
		}
	}
	return "", false
}

func utf16Width(r rune) int {
	if r > 0xFFFF {
		return 2
	}
	return 1
}

func utf16Len(s string) int {
	n := 0
	for _, r := range s {
		n += utf16Width(r)
	}
	return n
}
