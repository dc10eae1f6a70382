package telegram

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

// Token is a bot token. It prints as "[token]" whatever prints it.
//
// The secret sits behind a pointer because fmt does not call the methods of a
// value in an unexported field: of a pointer it then prints the address only.
type Token struct{ secret *string }

const redacted = "[token]"

var tokenForm = regexp.MustCompile(`^[0-9]{1,16}:[A-Za-z0-9_-]{30,64}$`)

// ParseToken checks that s looks like a token, but for spaces and ends of lines
// around it, which files and shells put there. The error does not hold s: a
// mistyped token is still most of a token.
func ParseToken(s string) (Token, error) {
	s = strings.TrimSpace(s)
	if !tokenForm.MatchString(s) {
		return Token{}, errors.New("not a bot token: want digits, a colon and 30 to 64 letters, " +
			"as @BotFather gives it; check for quotes, spaces and missing ends")
	}
	return Token{secret: &s}, nil
}

// Bot is the id of the bot whose token it is: what stands before the colon. It is
// no secret.
func (t Token) Bot() int64 {
	id, _, _ := strings.Cut(t.reveal(), ":")
	n, _ := strconv.ParseInt(id, 10, 64) // 0 for the zero Token: the form allows 16 digits
	return n
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
func (Token) Format(f fmt.State, _ rune)   { _, _ = io.WriteString(f, redacted) }
func (Token) MarshalText() ([]byte, error) { return []byte(redacted), nil }
func (Token) LogValue() slog.Value         { return slog.StringValue(redacted) }
