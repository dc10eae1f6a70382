package main

import (
	"strings"
	"time"
	"unicode"

	"spasmbot/flows/lang"
	"spasmbot/flows/markup"
	"spasmbot/flows/places"
)

// operator are the flags of who runs the bot.
type operator struct {
	Operator      string `placeholder:"NAME" env:"SPASMBOT_OPERATOR" help:"Who runs the bot, as people are told: a person, a practice, a clinic."`
	OperatorPhone string `placeholder:"NUMBER" env:"SPASMBOT_OPERATOR_PHONE" help:"Where people reach them."`
	// KeepFor is what people are told of how long records are kept.
	KeepFor    time.Duration `kong:"-"`
	UrgentLine string        `placeholder:"WORDS" env:"SPASMBOT_URGENT_LINE" help:"Whom to call for a doctor today, as in \"116117\". Default: \"an urgent line\"."`
	Reads      string        `placeholder:"WORDS" env:"SPASMBOT_READS" help:"Who reads the chat, as in \"a nurse reads this on weekdays\". Default: \"nobody reads this chat\"."`
	Country    string        `placeholder:"CODE" env:"SPASMBOT_COUNTRY" help:"Where you are, as in DE: it is offered before other countries. Emergency numbers go by what a person answers."`
}

// told is what people may know of the operator.
func (o *operator) told() (lang.Operator, error) {
	for _, flag := range []struct{ name, words string }{
		{"operator", o.Operator}, {"operator-phone", o.OperatorPhone}, {"urgent-line", o.UrgentLine}, {"reads", o.Reads},
	} {
		if n := markup.Units(flag.words); n > lang.MostOperator {
			return lang.Operator{}, usagef("--%s is %d characters long: use at most %d", flag.name, n, lang.MostOperator)
		}
		if strings.ContainsFunc(flag.words, unicode.IsControl) {
			return lang.Operator{}, usagef("--%s %q: write it in one line", flag.name, flag.words)
		}
	}
	country := strings.ToUpper(o.Country)
	if country != "" && !places.IsCountry(country) {
		return lang.Operator{}, usagef("--country %q is no country: use its code of ISO 3166, such as DE", o.Country)
	}
	return lang.Operator{Name: o.Operator, Phone: o.OperatorPhone, UrgentLine: o.UrgentLine, Reads: o.Reads, Country: country, Keep: o.KeepFor}, nil
}
