package app

import (
	"slices"
	"strings"

	"spasmbot/bot/report"
	"spasmbot/flows"
	"spasmbot/flows/lang/ask"
)

// signReader reads the answers about warning signs, in their order.
type signReader struct {
	*account
	list []report.Sign
	// open is the last answer that there is some sign, or that there may be, as long as
	// nobody knows which; nil if there is none.
	open *openSign
}

type openSign struct {
	entry  flows.Entry
	answer report.Answer
	signs  []ask.Sign
}

// signs are the answers about warning signs. A sign that was asked of some people only
// counts as not there if nobody knows whether this one was asked: it is left out.
func (a *account) signs() []report.Sign {
	r := signReader{account: a}
	for _, e := range a.entries {
		if q, about := a.about(e.Step); about && e.Kind == flows.EntryAnswer {
			r.take(e, q)
		}
	}
	r.close()
	return r.list
}

// take takes an answer.
func (r *signReader) take(e flows.Entry, q ask.AboutSigns) {
	if !q.Lists() {
		if s := r.catalog.Sign(e.Choice); s != nil {
			r.told(e, s.Sign)
		}
		return
	}
	r.close()
	signs := q.About().Of(r.table())
	switch e.Choice {
	case ask.NoSign:
		for _, s := range signs {
			// Who was asked about it left it out of the list, or nobody knows.
			if r.catalog.Sign(s.ID).Of == nil && s.ID != r.before(e, q.About().But) {
				r.add(e, s, report.No)
			}
		}
	case ask.AnySign:
		r.open = &openSign{e, report.Yes, signs}
	case ask.UnsureSign:
		r.open = &openSign{e, report.Unsure, signs}
	}
}

// told notes which sign it is.
func (r *signReader) told(e flows.Entry, s ask.Sign) {
	answer := report.Yes
	if r.open != nil {
		answer, r.open = r.open.answer, nil
	}
	r.add(e, s, answer)
}

// close notes that nobody has told which of some signs it is.
func (r *signReader) close() {
	if r.open == nil || len(r.open.signs) == 0 {
		r.open = nil
		return
	}
	names := make([]string, len(r.open.signs))
	for i, s := range r.open.signs {
		names[i] = r.name(s)
	}
	r.list = append(r.list, report.Sign{
		Text: strings.Join(names, " / "), Class: string(r.open.signs[0].Class), Answer: r.open.answer, At: r.open.entry.At,
	})
	r.open = nil
}

func (r *signReader) add(e flows.Entry, s ask.Sign, answer report.Answer) {
	r.list = append(r.list, report.Sign{Text: r.name(s), Class: string(s.Class), Answer: answer, At: e.At})
}

// name is the sign's whole line: what its button says is short for whoever has just read
// the list.
func (r *signReader) name(s ask.Sign) string {
	return r.catalog.Text(r.kept.State.Lang, "signs", ask.SignKey(s.ID, ask.LinePart)).Plain()
}

// before is the answer to a step, as it was when an entry was written.
func (r *signReader) before(e flows.Entry, step string) string {
	answer := ""
	for _, other := range r.answers(step) {
		if other.Seq < e.Seq {
			answer = other.Choice
		}
	}
	return answer
}

// table is the table of signs.
func (a *account) table() []ask.Sign {
	t := a.catalog.SignTable()
	if t == nil {
		return nil
	}
	list := make([]ask.Sign, 0, len(t.Signs))
	for _, s := range t.Signs {
		list = append(list, s.Sign)
	}
	return slices.Clip(list)
}
