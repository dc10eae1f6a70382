package report

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strings"
	"time"
	"unicode"
)

// byteOrderMark tells spreadsheets that the letters are UTF-8.
const byteOrderMark = "\uFEFF"

// CSV is the timeline as a table for a spreadsheet (RFC 4180, UTF-8 with a byte order
// mark), in order of time. A cell that a spreadsheet would take for a formula begins
// with an apostrophe.
func CSV(p Person) ([]byte, error) {
	w := p.words()
	var b bytes.Buffer
	b.WriteString(byteOrderMark)
	out := csv.NewWriter(&b)
	out.UseCRLF = true
	out.Write(cells(w.TableHead[:])) //nolint:errcheck // Error has it
	for _, e := range ordered(p.Spasm.Timeline, func(e Entry) time.Time { return e.At }) {
		at := ""
		if !e.At.IsZero() {
			at = p.local(e.At).Format(time.RFC3339)
		}
		out.Write(cells([]string{at, e.Kind, e.What, e.Answer, p.value(e.Value)})) //nolint:errcheck // Error has it
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return nil, fmt.Errorf("write the table: %w", err)
	}
	return b.Bytes(), nil
}

// value writes what a person entered.
func (p Person) value(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case float64:
		return number(v)
	case bool:
		if v {
			return p.words().Yes
		}
		return p.words().No
	case time.Time:
		return p.local(v).Format(time.RFC3339)
	}
	return fmt.Sprint(v)
}

// cells makes texts safe to be opened in a spreadsheet.
func cells(texts []string) []string {
	for i, t := range texts {
		texts[i] = cell(t)
	}
	return texts
}

// cell puts an apostrophe before what a spreadsheet may take for a formula, which some
// find behind spaces and in full-width signs too. Control characters but tabs and the
// ends of lines go.
func cell(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && !strings.ContainsRune("\t\n\r", r) || r == '\uFEFF' {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	if strings.HasPrefix(s, "\t") || strings.HasPrefix(s, "\r") || strings.HasPrefix(s, "\n") ||
		strings.IndexAny(strings.TrimLeftFunc(s, unicode.IsSpace), "=+-@＝＋－＠") == 0 {
		return "'" + s
	}
	return s
}
