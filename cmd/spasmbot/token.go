package main

import (
	"errors"
	"io"
	"io/fs"
	"os"

	"spasmbot/bot/telegram"
)

// tokenVariable holds the bot's token, tokenFileVariable the name of a file with
// it. There is no flag: the command lines of a host can be read by everybody on
// it.
const (
	tokenVariable     = "TELEGRAM_BOT_TOKEN"
	tokenFileVariable = "TELEGRAM_BOT_TOKEN_FILE"
)

// mostTokenFile is more than a token with blank lines around it.
const mostTokenFile = 4 << 10

// token is the bot's token. No error holds it, or what stands in its place; nor
// the name of the file, where people put the token itself.
func (w *world) token() (telegram.Token, error) {
	text, file := w.getenv(tokenVariable), w.getenv(tokenFileVariable)
	from := tokenVariable
	switch {
	case text == "" && file == "":
		return telegram.Token{}, usagef("%s is not set: ask @BotFather on Telegram for a token and put it there, or into a file that %s names",
			tokenVariable, tokenFileVariable)
	case text != "" && file != "":
		return telegram.Token{}, usagef("%s and %s are both set: leave one of them out", tokenVariable, tokenFileVariable)
	case file != "":
		var err error
		if text, err = readToken(file); err != nil {
			return telegram.Token{}, usagef("%s: the file that it names: %w", tokenFileVariable, err)
		}
		from = tokenFileVariable + ": the file that it names"
	}
	token, err := telegram.ParseToken(text)
	if err != nil {
		return telegram.Token{}, usagef("%s: %w", from, err)
	}
	return token, nil
}

func readToken(name string) (string, error) {
	f, err := os.Open(name)
	if err != nil {
		return "", withoutName(err)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, mostTokenFile+1))
	switch {
	case err != nil:
		return "", withoutName(err)
	case len(text) > mostTokenFile:
		return "", errors.New("the file is too long: it must hold one token and nothing else")
	}
	return string(text), nil
}

// withoutName is the cause of an error about a file.
func withoutName(err error) error {
	if p, ok := errors.AsType[*fs.PathError](err); ok {
		return p.Err
	}
	return err
}
