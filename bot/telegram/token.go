package telegram

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"strings"
)

// Token is a bot token. It prints as "[token]" whatever prints it.
//
// The secret sits behind a pointer because fmt does not call the methods of a
// value in an unexported field: of a pointer it then prints the address only.
type Token struct{ secret *string }

const redacted = "[token]"

// ParseToken checks that s looks like a token. The error does not hold s: a
// mistyped token is still most of a token.
func ParseToken(s string) (Token, error) {
	id, key, found := strings.Cut(s, ":")
	ok := found && len(id) >= 1 && len(id) <= 16 && len(key) >= 30 && len(key) <= 64 &&
		only(id, isDigit) && only(key, isKeyByte)
	if !ok {
		return Token{}, errors.New("not a bot token: want digits, a colon and 30 to 64 letters, " +
			"as @BotFather gives it; check for quotes, spaces and missing ends")
	}
	return Token{secret: &s}, nil
}

func only(s string, allowed func(byte) bool) bool {
	for i := range len(s) {
		if !allowed(s[i]) {
			return false
		}
	}
	return true
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isKeyByte(c byte) bool {
	return isDigit(c) || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_' || c == '-'
}

func (t Token) reveal() string {
	if t.secret == nil {
		return ""
	}
	return *t.secret
}

// redact replaces the token wherever it stands in s: whole, escaped as in a
// URL, or only its secret half. The replacer is not kept, because it would
// print what it replaces.
func (t Token) redact(s string) string {
	whole := t.reveal()
	_, key, _ := strings.Cut(whole, ":")
	return strings.NewReplacer(whole, redacted, url.QueryEscape(whole), redacted, key, redacted).Replace(s)
}

func (Token) String() string               { return redacted }
func (Token) GoString() string             { return redacted }
func (Token) Format(f fmt.State, _ rune)   { _, _ = io.WriteString(f, redacted) }
func (Token) MarshalJSON() ([]byte, error) { return []byte(`"` + redacted + `"`), nil }
func (Token) MarshalText() ([]byte, error) { return []byte(redacted), nil }
func (Token) LogValue() slog.Value         { return slog.StringValue(redacted) }
