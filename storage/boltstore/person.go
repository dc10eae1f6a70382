package boltstore

import (
	"errors"

	"spasmbot/flows"
	"spasmbot/storage/record"
)

// person is all that a turn of one person needs, in one record: the state, and
// the rows at hand. Rows that will not change any more move on to the history in
// chunks, so that a record stays about as large as a page of the file, and a turn
// changes one page.
type person struct {
	user int64
	kept
	// changed says that the record has to be written.
	changed bool
}

// kept is the record itself.
type kept struct {
	// State is encoded; nil if there is none.
	State []byte `cbor:"1,keyasint,omitempty"`
	// Rows are those at hand, in the order in which they were first put. They
	// hide rows of the same kind and number in the history.
	Rows []row `cbor:"2,keyasint,omitempty"`
	// Chunks counts the chunks of the history that were written so far, and
	// Moved holds the highest number in them, by kind.
	Chunks uint64           `cbor:"3,keyasint,omitzero"`
	Moved  [rowKinds]uint64 `cbor:"4,keyasint,omitzero"`
}

// row is one row, whose body is encoded. It is kept as a list: its fields keep
// their places.
type row struct {
	_      struct{} `cbor:",toarray"`
	Kind   rowKind
	Number uint64
	Open   bool
	Body   []byte
}

// keptClosed is how many bytes of rows that will not change stay at hand before
// they move on: the more, the fewer pages of history are written, and the longer
// every record.
const keptClosed = 1024

// find returns the place of a row at hand, -1 if it is not.
func (p *person) find(k rowKind, number uint64) int {
	for i := len(p.Rows) - 1; i >= 0; i-- {
		if p.Rows[i].Kind == k && p.Rows[i].Number == number {
			return i
		}
	}
	return -1
}

// put keeps a row in the place of an older one, which it returns.
func (p *person) put(r row) (was row) {
	p.changed = true
	if i := p.find(r.Kind, r.Number); i >= 0 {
		was, p.Rows[i] = p.Rows[i], r
		return was
	}
	p.Rows = append(p.Rows, r)
	return row{}
}

// inHistory reports whether a row that is not at hand may be in the history.
func (p *person) inHistory(k rowKind, number uint64) bool {
	return p.Chunks > 0 && number <= p.Moved[k]
}

// closed is how many bytes of rows at hand will not change any more.
func (p *person) closed() (n int) {
	for _, r := range p.Rows {
		if !r.Open {
			n += len(r.Body)
		}
	}
	return n
}

// retire takes the rows that will not change any more off the record.
func (p *person) retire() (rows []row) {
	kept := p.Rows[:0:0]
	for _, r := range p.Rows {
		if r.Open {
			kept = append(kept, r)
			continue
		}
		rows = append(rows, r)
		p.Moved[r.Kind] = max(p.Moved[r.Kind], r.Number)
	}
	p.Rows = kept
	p.Chunks++
	p.changed = true
	return rows
}

func (p *person) encode() ([]byte, error) { return record.Marshal(&p.kept) }

func (p *person) decode(b []byte) error {
	if err := record.Unmarshal(b, &p.kept); err != nil {
		return err
	}
	return knownRows(p.Rows)
}

// getState returns the zero State with User set if there is none.
func (p *person) getState() (flows.State, error) {
	if len(p.State) == 0 {
		return flows.State{User: p.user}, nil
	}
	var s flows.State
	err := record.Unmarshal(p.State, &s)
	if err == nil && s.User != p.user {
		err = errors.New("holds the state of another person")
	}
	if err != nil {
		return flows.State{}, damagedRecord(bucketPeople, intKey(p.user), err)
	}
	return s, nil
}

// knownRows refuses rows of no kind.
func knownRows(rows []row) error {
	for _, r := range rows {
		if r.Kind >= rowKinds {
			return errors.New("has a row of an unknown kind")
		}
	}
	return nil
}
