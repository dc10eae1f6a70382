package main

import (
	"context"
	"errors"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"spasmbot/flows/catalog"
	"spasmbot/flows/transcript"
	"spasmbot/storage"
	"spasmbot/storage/boltstore"
)

// talkScript is "talk FLOWS FILE INPUT...": it makes a database of one conversation.
func talkScript(ts *testscript.TestScript, _ bool, args []string) {
	cat, err := catalog.Load(flowsIn(ts.MkAbs(args[0])), "UTC")
	ts.Check(err)
	store, err := boltstore.Open(ts.MkAbs(args[1]))
	ts.Check(err)
	p := transcript.New(cat)
	for i, input := range args[2:] {
		var update int64
		if !strings.HasPrefix(input, "wait") {
			update = int64(100 + i)
		}
		noted := len(p.Timeline)
		ts.Check(p.Input(input, func() {
			ts.Check(store.Update(context.Background(), func(tx storage.Tx) error {
				s := p.State()
				errs := []error{tx.PutState(s), tx.PutEpisode(storage.Episode{User: s.User, Episode: s.Episode})}
				for _, e := range p.Timeline[noted:] {
					e.UpdateID = update
					errs = append(errs, tx.PutEntry(storage.Entry{User: s.User, Entry: e}))
				}
				return errors.Join(append(errs, tx.SetMarks(storage.Marks{Alive: p.Now}))...)
			}))
			noted = len(p.Timeline)
		}))
	}
	ts.Check(store.Close())
}
