package simulator

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestParseHTML(t *testing.T) {
	for _, test := range []struct {
		source   string
		text     string
		entities []Entity
	}{
		{"plain", "plain", nil},
		{"<b>a</b><strong>b</strong>", "ab", []Entity{{Type: "bold", Offset: 0, Length: 1}, {Type: "bold", Offset: 1, Length: 1}}},
		{"<i>a</i><em>b</em>", "ab", []Entity{{Type: "italic", Offset: 0, Length: 1}, {Type: "italic", Offset: 1, Length: 1}}},
		{"<u>a</u><ins>b</ins>", "ab", []Entity{{Type: "underline", Offset: 0, Length: 1}, {Type: "underline", Offset: 1, Length: 1}}},
		{"<s>a</s><strike>b</strike><del>c</del>", "abc", []Entity{
			{Type: "strikethrough", Offset: 0, Length: 1}, {Type: "strikethrough", Offset: 1, Length: 1}, {Type: "strikethrough", Offset: 2, Length: 1},
		}},
		{`<span class="tg-spoiler">a</span><tg-spoiler>b</tg-spoiler>`, "ab", []Entity{{Type: "spoiler", Offset: 0, Length: 1}, {Type: "spoiler", Offset: 1, Length: 1}}},
		{`<a href="https://a.org/x?y=1&amp;z=2">go</a>`, "go", []Entity{{Type: "text_link", Length: 2, URL: "https://a.org/x?y=1&z=2"}}},
		{`<a href='tg://user?id=5'>Ann</a>`, "Ann", []Entity{{Type: "text_link", Length: 3, URL: "tg://user?id=5"}}},
		{`<a>example.org</a>`, "example.org", []Entity{{Type: "text_link", Length: 11, URL: "http://example.org/"}}},
		{`<a href="nowhere">x</a>`, "x", nil},
		{"<code>x &lt; y</code>", "x < y", []Entity{{Type: "code", Length: 5}}},
		{"<pre>x</pre>", "x", []Entity{{Type: "pre", Length: 1}}},
		{`<pre><code class="language-go">x</code></pre>`, "x", []Entity{{Type: "pre", Length: 1, Language: "go"}}},
		{`<code class="language-go">x</code>`, "x", []Entity{{Type: "code", Length: 1}}},
		{"<blockquote>q</blockquote>", "q", []Entity{{Type: "blockquote", Length: 1}}},
		{"<blockquote expandable>q</blockquote>", "q", []Entity{{Type: "expandable_blockquote", Length: 1}}},
		{`<tg-emoji emoji-id="5368324170671202286">👍</tg-emoji>`, "👍", []Entity{{Type: "custom_emoji", Length: 2, CustomEmojiID: "5368324170671202286"}}},
		{`<tg-time unix="1647531900" format="wDT">soon</tg-time>`, "soon", []Entity{{Type: "date_time", Length: 4, UnixTime: 1647531900, DateTimeFormat: "wDT"}}},
		{`<tg-time unix="1647531900">soon</tg-time>`, "soon", []Entity{{Type: "date_time", Length: 4, UnixTime: 1647531900}}},
		{"👍<b>é👍</b>", "👍é👍", []Entity{{Type: "bold", Offset: 2, Length: 3}}},
		{"<b>a<i>b</i></b>", "ab", []Entity{{Type: "bold", Length: 2}, {Type: "italic", Offset: 1, Length: 1}}},
		{"<B >a</B >", "a", []Entity{{Type: "bold", Length: 1}}},
		{"<b>a</>", "a", []Entity{{Type: "bold", Length: 1}}},
		{"<b></b>x", "x", nil},
		{"&lt;&gt;&amp;&quot;&#65;&#x1F44D;", "<>&\"A👍", nil},
		{"1 > 0", "1 > 0", nil},
		// What the documentation forbids to nest is undone.
		{"<code>a<b>b</b></code>", "ab", []Entity{{Type: "code", Length: 2}}},
		{"<b>a<code>b</code>c</b>", "abc", []Entity{{Type: "bold", Length: 1}, {Type: "code", Offset: 1, Length: 1}, {Type: "bold", Offset: 2, Length: 1}}},
		{"<blockquote>a<blockquote>b</blockquote></blockquote>", "ab", []Entity{{Type: "blockquote", Length: 2}}},
		{"<blockquote>a<b>b</b></blockquote>", "ab", []Entity{{Type: "blockquote", Length: 2}, {Type: "bold", Offset: 1, Length: 1}}},
		// Outer space goes, and the entities move along.
		{" \n<b> a </b>\n", "a", []Entity{{Type: "bold", Length: 1}}},
	} {
		p := params{values: map[string]string{"text": test.source, "parse_mode": "HTML"}}
		text, entities, err := p.formatted("text", "entities")
		if err != nil {
			t.Errorf("%q: %s", test.source, err.Description)
			continue
		}
		if text != test.text || !(len(entities) == 0 && len(test.entities) == 0) && !reflect.DeepEqual(entities, test.entities) {
			t.Errorf("%q:\ngot  %q %+v\nwant %q %+v", test.source, text, entities, test.text, test.entities)
		}
	}
}

func TestParseHTMLRefusals(t *testing.T) {
	for source, want := range map[string]string{
		"<b>a":                             `Can't find end tag corresponding to start tag "b"`,
		"a</b>":                            "Unexpected end tag at byte offset 1",
		"<b>a</i>":                         `Unmatched end tag at byte offset 4, expected "</b>", found "</i>"`,
		"<b><i>a</b></i>":                  `Unmatched end tag at byte offset 7, expected "</i>", found "</b>"`,
		"<div>a</div>":                     `Unsupported start tag "div" at byte offset 0`,
		"a <br> b":                         `Unsupported start tag "br" at byte offset 2`,
		"a < b":                            `Unsupported start tag "" at byte offset 2`,
		"a < b > c":                        `Unsupported start tag "" at byte offset 2`,
		"1<2":                              "Unclosed start tag at byte offset 1",
		"<b":                               "Unclosed start tag at byte offset 0",
		"<b>a</b":                          "Unclosed end tag at byte offset 4",
		`<a href="x`:                       `Unclosed start tag "a" at byte offset 0`,
		`<a =x>a</a>`:                      `Empty attribute name in the tag "a" at byte offset 0`,
		`<a href=a/b>a</a>`:                "Unexpected end of name token at byte offset 8",
		"<span>a</span>":                   `Tag "span" must have class "tg-spoiler" at byte offset 0`,
		`<span class="x">a</span>`:         `Tag "span" must have class "tg-spoiler" at byte offset 0`,
		"<tg-emoji>a</tg-emoji>":           "Invalid custom emoji identifier specified at byte offset 0",
		"<tg-time>a</tg-time>":             "Invalid Unix time specified at byte offset 0",
		`<tg-time unix="soon">a</tg-time>`: "Invalid Unix time specified at byte offset 0",
		`<tg-time unix="1" format="tD">a</tg-time>`: "Invalid date-time format specified at byte offset 0",
		"salt & pepper": `Unescaped "&" at byte offset 5`,
		"&nbsp;":        `Unescaped "&" at byte offset 0`,
		"&#0;":          `Unescaped "&" at byte offset 0`,
		"<!-- note -->": `Unsupported start tag "!--" at byte offset 0`,
	} {
		if _, _, err := parseHTML(source); err == nil || err.Error() != want {
			t.Errorf("%q: got %v, want %s", source, err, want)
		}
	}
}

func TestTimeFormats(t *testing.T) {
	for format, want := range map[string]bool{
		"": true, "r": true, "w": true, "d": true, "D": true, "t": true, "T": true, "wd": true, "wDT": true, "dt": true,
		"rw": false, "wr": false, "dD": false, "tT": false, "td": false, "dw": false, "x": false, " ": false,
	} {
		if got := isTimeFormat(format); got != want {
			t.Errorf("%q: %v", format, got)
		}
	}
}

func TestDetectEntities(t *testing.T) {
	for text, want := range map[string]string{
		"/start":                   "bot_command 0+6",
		"/start payload_1":         "bot_command 0+6",
		"👍 /spasm@back_bot now":    "bot_command 3+15",
		"/a /b":                    "bot_command 0+2, bot_command 3+2",
		"(/help)":                  "bot_command 1+5",
		"and/or":                   "",
		"/usr/bin":                 "",
		"/ spasm":                  "",
		"//x":                      "",
		"/помощь":                  "",
		"@back_bot":                "mention 0+9",
		"a@back_bot":               "",
		"@ab":                      "",
		"#day1 #1":                 "hashtag 0+5",
		"see https://a.org/x, ok":  "url 4+15",
		"see http://nothing":       "",
		"https://a.org/@name/#tag": "url 0+24",
	} {
		var got []string
		for _, e := range detectEntities(text, nil) {
			got = append(got, fmt.Sprintf("%s %d+%d", e.Type, e.Offset, e.Length))
		}
		if strings.Join(got, ", ") != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func TestDetectionLeavesCodeAlone(t *testing.T) {
	p := params{values: map[string]string{"text": "<code>/start</code> <b>/stop</b>", "parse_mode": "html"}}
	_, entities, err := p.formatted("text", "entities")
	if err != nil {
		t.Fatal(err.Description)
	}
	var commands int
	for _, e := range entities {
		if e.Type == "bot_command" {
			commands++
			if e.Offset != 7 || e.Length != 5 {
				t.Errorf("found the command at %d+%d", e.Offset, e.Length)
			}
		}
	}
	if commands != 1 {
		t.Errorf("%d commands in %+v", commands, entities)
	}
}

// Whatever comes in, an accepted text has entities that lie inside it and nest, and formatting it anew gives the same.
func FuzzParseHTML(f *testing.F) {
	for _, seed := range []string{
		"<b>a</b>", "<b><i>👍</i>x</b>", `<a href="https://a.org">x</a>`, "&#65;&lt;", "<pre><code class=\"language-go\">x</code></pre>",
		`<tg-time unix="5" format="r">x</tg-time>`, "<blockquote expandable>q</blockquote>", "</", "<b", "<a href", " <b> x</b> ",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, source string) {
		p := params{values: map[string]string{"text": source, "parse_mode": "HTML"}}
		text, entities, err := p.formatted("text", "entities")
		if err != nil {
			return
		}
		if !utf8.ValidString(text) {
			t.Fatalf("%q became invalid UTF-8", source)
		}
		length := utf16Len(text)
		for i, e := range entities {
			if e.Offset < 0 || e.Length <= 0 || e.end() > length {
				t.Fatalf("%q: entity %+v lies outside of the %d units of %q", source, e, length, text)
			}
			for _, other := range entities[:i] {
				if crosses(e, other) {
					t.Fatalf("%q: %+v crosses %+v", source, e, other)
				}
			}
		}
		again := params{values: map[string]string{"text": formatHTML(text, entities), "parse_mode": "HTML"}}
		text2, entities2, err := again.formatted("text", "entities")
		if err != nil || text2 != text || fmt.Sprint(entities2) != fmt.Sprint(entities) {
			t.Fatalf("%q:\nfirst  %q %v\nformat %q\nsecond %q %v %v", source, text, entities, again.values["text"], text2, entities2, err)
		}
	})
}
