package lang

import (
	"fmt"
	"strings"
	"time"
)

// ParseDuration reads a duration such as "20m", "2h", "1h30m" or "3d".
func ParseDuration(s string) (time.Duration, error) {
	days, ok := strings.CutSuffix(s, "d")
	if !ok {
		return time.ParseDuration(s)
	}
	d, err := time.ParseDuration(days + "h")
	if err == nil && d != d*24/24 {
		err = fmt.Errorf("%q is longer than a duration can be", s)
	}
	return 24 * d, err
}

// expandDurations turns the flow language's 72h into what the expression
// library reads. Texts, names and comments stay as they are.
func expandDurations(src string) string {
	var b strings.Builder
	for i := 0; i < len(src); {
		end, isNumber := lexeme(src, i)
		word := src[i:end]
		if isNumber && !isDigit(word[len(word)-1]) {
			if d, err := ParseDuration(word); err == nil {
				word = fmt.Sprintf("duration('%s')", d)
			}
		}
		b.WriteString(word)
		i = end
	}
	return b.String()
}

// lexeme returns where the text, comment, name or number that begins at i ends;
// any other character is one of its own.
func lexeme(src string, i int) (end int, isNumber bool) {
	switch c := src[i]; {
	case c == '"' || c == '\'' || c == '`':
		return endOfText(src, i), false
	case strings.HasPrefix(src[i:], "//"):
		return endOf(src, i, "\n"), false
	case strings.HasPrefix(src[i:], "/*"):
		return endOf(src, i, "*/"), false
	case isWord(c):
		for end = i + 1; end < len(src); end++ {
			fraction := isDigit(c) && src[end] == '.' && end+1 < len(src) && isDigit(src[end+1])
			if !isWord(src[end]) && !fraction {
				break
			}
		}
		return end, isDigit(c)
	}
	return i + 1, false
}

func endOfText(src string, i int) int {
	quote := src[i]
	for end := i + 1; end < len(src); end++ {
		switch {
		case src[end] == quote:
			return end + 1
		case src[end] == '\\' && quote != '`':
			end++
		}
	}
	return len(src)
}

func endOf(src string, i int, mark string) int {
	if n := strings.Index(src[i:], mark); n >= 0 {
		return i + n + len(mark)
	}
	return len(src)
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isWord(c byte) bool {
	return isDigit(c) || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_' || c >= 0x80
}

// Word finds where a name stands in an expression, or a text if quoted is set; if
// there is none, where the other does. It is -1 for nowhere.
func Word(src, word string, quoted bool) int {
	found := -1
	for i := 0; i < len(src); {
		end, _ := lexeme(src, i)
		at, isText := i, strings.IndexByte("\"'`", src[i]) >= 0
		if isText {
			at++
		}
		if strings.Trim(src[i:end], "\"'`") == word {
			if isText == quoted {
				return at
			}
			if found < 0 {
				found = at
			}
		}
		i = end
	}
	return found
}
