package boltstore

import (
	"errors"

	"google.golang.org/protobuf/encoding/protowire"

	"spasmbot/flows"
	"spasmbot/flows/pack"
)

// person is all that a turn of one person needs, in one record: the state, and
// the rows at hand. Rows that will not change any more move on to the history in
// chunks, so that a record stays about as large as a page of the file, and a turn
// changes one page.
type person struct {
	user int64
	// state is encoded; nil if there is none.
	state []byte
	// rows are those at hand, in the order in which they were first put. They
	// hide rows of the same kind and number in the history.
	rows []row
	// chunks counts the chunks of the history that were written so far, and
	// moved holds the highest number in them, by kind.
	chunks uint64
	moved  [3]uint64
	// changed says that the record has to be written.
	changed bool
}

// row is one encoded row.
type row struct {
	kind   rowKind
	number uint64
	open   bool
	body   []byte
}

// The fields of a person's record, beside those of the rows.
const (
	personState  protowire.Number = 1
	personChunks protowire.Number = 2
	personMoved  protowire.Number = 3 // to 5, by kind
)

// keptClosed is how many bytes of rows that will not change stay at hand before
// they move on: the more, the fewer pages of history are written, and the longer
// every record.
const keptClosed = 1024

func (k rowKind) index() int { return int(k - rowEntry) }

// find returns the place of a row at hand, -1 if it is not.
func (p *person) find(k rowKind, number uint64) int {
	for i := len(p.rows) - 1; i >= 0; i-- {
		if p.rows[i].kind == k && p.rows[i].number == number {
			return i
		}
	}
	return -1
}

// put keeps a row in the place of an older one.
func (p *person) put(r row) {
	p.changed = true
	if i := p.find(r.kind, r.number); i >= 0 {
		p.rows[i] = r
		return
	}
	p.rows = append(p.rows, r)
}

// inHistory reports whether a row that is not at hand may be in the history.
func (p *person) inHistory(k rowKind, number uint64) bool {
	return p.chunks > 0 && number <= p.moved[k.index()]
}

// closed is how many bytes of rows at hand will not change any more.
func (p *person) closed() (n int) {
	for _, r := range p.rows {
		if !r.open {
			n += len(r.body)
		}
	}
	return n
}

// retire takes the rows that will not change any more off the record.
func (p *person) retire() (rows []row) {
	kept := p.rows[:0:0]
	for _, r := range p.rows {
		if r.open {
			kept = append(kept, r)
			continue
		}
		rows = append(rows, r)
		p.moved[r.kind.index()] = max(p.moved[r.kind.index()], r.number)
	}
	p.rows = kept
	p.chunks++
	p.changed = true
	return rows
}

func (p *person) encode() []byte {
	size := len(p.state) + 32
	for _, r := range p.rows {
		size += len(r.body) + 16
	}
	b := make([]byte, 0, size)
	b = pack.Bytes(b, personState, p.state)
	b = pack.Uint(b, personChunks, p.chunks)
	for i, highest := range p.moved {
		b = pack.Uint(b, personMoved+protowire.Number(i), highest)
	}
	return appendRows(b, p.rows)
}

func (p *person) decode(b []byte) error {
	r := pack.Read(b)
	for r.Next() {
		switch f := r.Field(); f {
		case personState:
			p.state = r.Bytes()
		case personChunks:
			p.chunks = r.Uint()
		case personMoved, personMoved + 1, personMoved + 2:
			p.moved[f-personMoved] = r.Uint()
		case protowire.Number(rowEntry), protowire.Number(rowReminder), protowire.Number(rowMessage):
			p.rows = append(p.rows, readRow(r))
		}
	}
	return r.Err()
}

// getState returns the zero State with User set if there is none.
func (p *person) getState() (flows.State, error) {
	if len(p.state) == 0 {
		return flows.State{User: p.user}, nil
	}
	s, err := flows.DecodeState(p.state)
	if err == nil && s.User != p.user {
		err = errors.New("holds the state of another person")
	}
	if err != nil {
		return flows.State{}, damagedRecord(bucketPeople, intKey(p.user), err)
	}
	return s, nil
}

// appendRows writes each row as a field: its number and whether it is open, then
// its body.
func appendRows(b []byte, rows []row) []byte {
	for _, r := range rows {
		head := r.number << 1
		if r.open {
			head |= 1
		}
		size := 1 + protowire.SizeVarint(head) + len(r.body)
		b = protowire.AppendTag(b, protowire.Number(r.kind), protowire.BytesType)
		b = protowire.AppendVarint(b, uint64(size))
		// The highest bit of the number has no room beside the flag.
		b = append(b, byte(r.number>>63))
		b = protowire.AppendVarint(b, head)
		b = append(b, r.body...)
	}
	return b
}

// readRow reads a row of the field at hand. It shares the record's memory.
func readRow(r *pack.Reader) row {
	kind, value := rowKind(r.Field()), r.Bytes()
	if r.Err() != nil {
		return row{}
	}
	if len(value) == 0 || value[0] > 1 {
		r.Fail("is no row")
		return row{}
	}
	head, n := protowire.ConsumeVarint(value[1:])
	if n < 0 {
		r.Fail("is no row")
		return row{}
	}
	return row{
		kind: kind, number: head>>1 | uint64(value[0])<<63, open: head&1 == 1,
		body: value[1+n : len(value) : len(value)],
	}
}
