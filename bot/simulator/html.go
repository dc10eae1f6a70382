package simulator

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// parseHTML reads the HTML parse mode: the text without its tags, and the entities the tags stand for, with their
// offsets in UTF-16 units. An error's text is what follows "can't parse entities: " in the server's answer.
func parseHTML(source string) (string, []Entity, error) {
	p := htmlParser{src: source}
	for p.pos < len(p.src) {
		var err error
		switch c := p.src[p.pos]; {
		case c == '&':
			err = p.reference()
		case c == '<' && strings.HasPrefix(p.src[p.pos:], "</"):
			err = p.endTag()
		case c == '<':
			err = p.startTag()
		default:
			r, size := utf8.DecodeRuneInString(p.src[p.pos:])
			p.emit(r)
			p.pos += size
		}
		if err != nil {
			return "", nil, err
		}
	}
	if n := len(p.open); n > 0 {
		return "", nil, refusedEntity("Can't find end tag corresponding to start tag \"%s\"", p.open[n-1].name)
	}
	return p.out.String(), p.entities, nil
}

// entityError is a fault in a text's markup, in the server's own words, which begin with a capital.
type entityError string

func (e entityError) Error() string { return string(e) }

func refusedEntity(format string, args ...any) error {
	return entityError(fmt.Sprintf(format, args...))
}

type htmlParser struct {
	src      string
	pos      int // in bytes of src
	out      strings.Builder
	units    int // length of out in UTF-16 units
	open     []openTag
	entities []Entity
}

type openTag struct {
	name   string
	entity Entity // what it becomes, but for the length
	begin  int    // length of out when it opened, in bytes
}

func (p *htmlParser) emit(r rune) {
	p.out.WriteRune(r)
	p.units += utf16Width(r)
}

func (p *htmlParser) reference() error {
	r, size := characterReference(p.src[p.pos:])
	if size == 0 {
		return refusedEntity("Unescaped \"&\" at byte offset %d", p.pos)
	}
	p.emit(r)
	p.pos += size
	return nil
}

func (p *htmlParser) startTag() error {
	begin := p.pos
	p.pos++
	name := strings.ToLower(p.until(func(c byte) bool { return isSpace(c) || c == '>' }))
	if p.pos == len(p.src) {
		return refusedEntity("Unclosed start tag at byte offset %d", begin)
	}
	if _, known := tagKinds[name]; !known {
		return refusedEntity("Unsupported start tag \"%s\" at byte offset %d", name, begin)
	}
	attributes, err := p.attributes(name, begin)
	if err != nil {
		return err
	}
	entity, err := tagEntity(name, attributes, begin)
	if err != nil {
		return err
	}
	entity.Offset = p.units
	p.open = append(p.open, openTag{name: name, entity: entity, begin: p.out.Len()})
	return nil
}

// attributes reads up to and including the ">" of a start tag.
func (p *htmlParser) attributes(tag string, begin int) (map[string]string, error) {
	unclosed := refusedEntity("Unclosed start tag \"%s\" at byte offset %d", tag, begin)
	found := map[string]string{}
	for {
		p.spaces()
		if p.pos == len(p.src) {
			return nil, unclosed
		}
		if p.src[p.pos] == '>' {
			p.pos++
			return found, nil
		}
		name := strings.ToLower(p.until(func(c byte) bool { return isSpace(c) || c == '=' || c == '>' }))
		if name == "" {
			return nil, refusedEntity("Empty attribute name in the tag \"%s\" at byte offset %d", tag, begin)
		}
		p.spaces()
		if p.pos == len(p.src) {
			return nil, unclosed
		}
		if p.src[p.pos] != '=' {
			found[name] = ""
			continue
		}
		p.pos++
		p.spaces()
		value, err := p.attributeValue()
		if err != nil {
			return nil, err
		}
		if p.pos == len(p.src) {
			return nil, unclosed
		}
		found[name] = value
	}
}

func (p *htmlParser) attributeValue() (string, error) {
	if p.pos == len(p.src) {
		return "", nil
	}
	quote := p.src[p.pos]
	if quote != '"' && quote != '\'' {
		begin := p.pos
		token := p.until(func(c byte) bool { return !isNameByte(c) })
		if p.pos < len(p.src) && !isSpace(p.src[p.pos]) && p.src[p.pos] != '>' {
			return "", refusedEntity("Unexpected end of name token at byte offset %d", begin)
		}
		return strings.ToLower(token), nil
	}
	p.pos++
	var value strings.Builder
	for p.pos < len(p.src) && p.src[p.pos] != quote {
		if p.src[p.pos] == '&' {
			if r, size := characterReference(p.src[p.pos:]); size > 0 {
				value.WriteRune(r)
				p.pos += size
				continue
			}
		}
		value.WriteByte(p.src[p.pos])
		p.pos++
	}
	if p.pos < len(p.src) {
		p.pos++ // the closing quote
	}
	return value.String(), nil
}

func (p *htmlParser) endTag() error {
	begin := p.pos
	if len(p.open) == 0 {
		return refusedEntity("Unexpected end tag at byte offset %d", begin)
	}
	p.pos += len("</")
	name := strings.ToLower(p.until(func(c byte) bool { return isSpace(c) || c == '>' }))
	p.spaces()
	if p.pos == len(p.src) || p.src[p.pos] != '>' {
		return refusedEntity("Unclosed end tag at byte offset %d", begin)
	}
	p.pos++
	last := p.open[len(p.open)-1]
	if name != "" && name != last.name {
		return refusedEntity("Unmatched end tag at byte offset %d, expected \"</%s>\", found \"</%s>\"", begin, last.name, name)
	}
	p.open = p.open[:len(p.open)-1]
	p.close(last)
	return nil
}

// close turns a finished tag into its entity, where it has content and a meaning.
func (p *htmlParser) close(tag openTag) {
	entity := tag.entity
	entity.Length = p.units - entity.Offset
	if entity.Length == 0 || entity.Type == "" {
		return
	}
	if entity.Type == "text_link" {
		if entity.URL == "" {
			entity.URL = p.out.String()[tag.begin:]
		}
		link, ok := linkURL(entity.URL)
		if !ok {
			return // as on the real server: the text stays, the link is dropped
		}
		entity.URL = link
	}
	p.entities = append(p.entities, entity)
}

// tagEntity is the entity that a start tag announces; a code tag's language is settled when nesting is.
func tagEntity(name string, attributes map[string]string, begin int) (Entity, error) {
	switch name {
	case "span":
		if attributes["class"] != "tg-spoiler" {
			return Entity{}, refusedEntity("Tag \"span\" must have class \"tg-spoiler\" at byte offset %d", begin)
		}
		return Entity{Type: "spoiler"}, nil
	case "a":
		return Entity{Type: "text_link", URL: attributes["href"]}, nil
	case "code":
		language, ok := strings.CutPrefix(attributes["class"], "language-")
		if !ok {
			language = ""
		}
		return Entity{Type: "code", Language: language}, nil
	case "blockquote":
		if _, ok := attributes["expandable"]; ok {
			return Entity{Type: "expandable_blockquote"}, nil
		}
		return Entity{Type: "blockquote"}, nil
	case "tg-emoji":
		id := attributes["emoji-id"]
		if n, err := strconv.ParseInt(id, 10, 64); err != nil || n == 0 {
			return Entity{}, refusedEntity("Invalid custom emoji identifier specified at byte offset %d", begin)
		}
		return Entity{Type: "custom_emoji", CustomEmojiID: id}, nil
	case "tg-time":
		return timeEntity(attributes, begin)
	}
	return Entity{Type: tagKinds[name]}, nil
}

// tagKinds are the tags and their entities; "" stands for one that hangs on the attributes.
var tagKinds = map[string]string{
	"b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
	"s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "tg-spoiler": "spoiler", "pre": "pre",
	"a": "", "blockquote": "", "code": "", "span": "", "tg-emoji": "", "tg-time": "",
}

func timeEntity(attributes map[string]string, begin int) (Entity, error) {
	unix, err := strconv.ParseInt(attributes["unix"], 10, 32)
	if err != nil || unix <= 0 {
		return Entity{}, refusedEntity("Invalid Unix time specified at byte offset %d", begin)
	}
	format := attributes["format"]
	if !isTimeFormat(format) {
		return Entity{}, refusedEntity("Invalid date-time format specified at byte offset %d", begin)
	}
	return Entity{Type: "date_time", UnixTime: unix, DateTimeFormat: format}, nil
}

// isTimeFormat accepts "r" and w?[dD]?[tT]?, the empty format among them.
func isTimeFormat(format string) bool {
	if format == "r" {
		return true
	}
	format = strings.TrimPrefix(format, "w")
	if format != "" && strings.ContainsRune("dD", rune(format[0])) {
		format = format[1:]
	}
	return format == "" || format == "t" || format == "T"
}

// until consumes bytes up to the first that stop likes, and returns them.
func (p *htmlParser) until(stop func(byte) bool) string {
	begin := p.pos
	for p.pos < len(p.src) && !stop(p.src[p.pos]) {
		p.pos++
	}
	return p.src[begin:p.pos]
}

func (p *htmlParser) spaces() {
	p.until(func(c byte) bool { return !isSpace(c) })
}

func isSpace(c byte) bool {
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\v' || c == 0
}

func isNameByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '.' || c == '-'
}

// characterReference reads one entity at the start of s, which begins with "&". Size 0 says there is none.
// Only four names are known; numbers may be decimal or hexadecimal.
func characterReference(s string) (r rune, size int) {
	end := strings.IndexByte(s[:min(len(s), 12)], ';')
	if end < 0 {
		return 0, 0
	}
	switch name := s[1:end]; {
	case name == "lt":
		return '<', end + 1
	case name == "gt":
		return '>', end + 1
	case name == "amp":
		return '&', end + 1
	case name == "quot":
		return '"', end + 1
	case strings.HasPrefix(name, "#"):
		digits, base := name[1:], 10
		if strings.HasPrefix(digits, "x") || strings.HasPrefix(digits, "X") {
			digits, base = digits[1:], 16
		}
		n, err := strconv.ParseUint(digits, base, 32)
		if err != nil || n == 0 || n > utf8.MaxRune || !utf8.ValidRune(rune(n)) {
			return 0, 0
		}
		return rune(n), end + 1
	}
	return 0, 0
}
