package flows

import "spasmbot/flows/pack"

// The parts of a state as records of package pack, each with the way back beside
// it. A number in a part is never used again.

func (e Episode) append(b []byte) []byte {
	b = pack.Uint(b, 1, e.Number)
	b = pack.Text(b, 2, e.Flow)
	b = pack.Time(b, 3, e.Started)
	b = pack.Time(b, 4, e.Onset)
	b = pack.Time(b, 5, e.Ended)
	return pack.Text(b, 6, e.Outcome)
}

func (e *Episode) field(r *pack.Reader) {
	switch r.Field() {
	case 1:
		e.Number = r.Uint()
	case 2:
		e.Flow = r.Text()
	case 3:
		e.Started = r.Time()
	case 4:
		e.Onset = r.Time()
	case 5:
		e.Ended = r.Time()
	case 6:
		e.Outcome = r.Text()
	}
}

func (p Past) append(b []byte) []byte {
	b = pack.Text(b, 1, p.Flow)
	b = pack.Time(b, 2, p.Onset)
	return pack.Text(b, 3, p.Mark)
}

func (p *Past) field(r *pack.Reader) {
	switch r.Field() {
	case 1:
		p.Flow = r.Text()
	case 2:
		p.Onset = r.Time()
	case 3:
		p.Mark = r.Text()
	}
}

func (p Place) append(b []byte) []byte {
	b = pack.Text(b, 1, p.Flow)
	b = pack.Int(b, 2, int64(p.Version))
	b = pack.Text(b, 3, p.Step)
	b = pack.Uint(b, 4, p.Hash)
	return pack.Bool(b, 5, p.Again)
}

func (p *Place) field(r *pack.Reader) {
	switch r.Field() {
	case 1:
		p.Flow = r.Text()
	case 2:
		p.Version = int(r.Int())
	case 3:
		p.Step = r.Text()
	case 4:
		p.Hash = r.Uint()
	case 5:
		p.Again = r.Bool()
	}
}

func (v Var) append(b []byte) []byte {
	b = pack.Text(b, 1, v.Name)
	b = pack.Text(b, 2, string(v.Kind))
	b = pack.Text(b, 3, v.Str)
	return pack.Float(b, 4, v.Num)
}

func (v *Var) field(r *pack.Reader) {
	switch r.Field() {
	case 1:
		v.Name = r.Text()
	case 2:
		v.Kind = ValueKind(r.Text())
	case 3:
		v.Str = r.Text()
	case 4:
		v.Num = r.Float()
	}
}

func (m Measure) append(b []byte) []byte {
	b = pack.Text(b, 1, m.Name)
	b = pack.Float(b, 2, m.First)
	b = pack.Float(b, 3, m.Before)
	return pack.Float(b, 4, m.Last)
}

func (m *Measure) field(r *pack.Reader) {
	switch r.Field() {
	case 1:
		m.Name = r.Text()
	case 2:
		m.First = r.Float()
	case 3:
		m.Before = r.Float()
	case 4:
		m.Last = r.Float()
	}
}

func (t Track) append(b []byte) []byte {
	b = pack.Text(b, 1, t.Name)
	b = pack.Text(b, 2, t.Flow)
	b = pack.Uint(b, 3, t.Rev)
	b = pack.Bool(b, 4, t.Running)
	b = pack.Time(b, 5, t.On)
	b = pack.Time(b, 6, t.Ends)
	b = pack.Time(b, 7, t.Off)
	b = pack.Text(b, 8, t.Day)
	b = pack.Int(b, 9, int64(t.Today))
	return pack.Int(b, 10, int64(t.Total))
}

func (t *Track) field(r *pack.Reader) {
	switch r.Field() {
	case 1:
		t.Name = r.Text()
	case 2:
		t.Flow = r.Text()
	case 3:
		t.Rev = r.Uint()
	case 4:
		t.Running = r.Bool()
	case 5:
		t.On = r.Time()
	case 6:
		t.Ends = r.Time()
	case 7:
		t.Off = r.Time()
	case 8:
		t.Day = r.Text()
	case 9:
		t.Today = int(r.Int())
	case 10:
		t.Total = int(r.Int())
	}
}

func (rem Reminder) append(b []byte) []byte {
	b = pack.Uint(b, 1, rem.ID)
	b = pack.Uint(b, 2, rem.Episode)
	b = pack.Text(b, 3, rem.Kind)
	b = pack.Time(b, 4, rem.Due)
	b = pack.Text(b, 5, rem.Track)
	b = pack.Uint(b, 6, rem.Rev)
	return pack.Text(b, 7, string(rem.Phase))
}

func (rem *Reminder) field(r *pack.Reader) {
	switch r.Field() {
	case 1:
		rem.ID = r.Uint()
	case 2:
		rem.Episode = r.Uint()
	case 3:
		rem.Kind = r.Text()
	case 4:
		rem.Due = r.Time()
	case 5:
		rem.Track = r.Text()
	case 6:
		rem.Rev = r.Uint()
	case 7:
		rem.Phase = Phase(r.Text())
	}
}

func (o Open) append(b []byte) []byte {
	b = pack.Uint(b, 1, o.ID)
	b = pack.Text(b, 2, o.Kind)
	b = pack.Text(b, 3, o.Track)
	b = pack.Time(b, 4, o.At)
	return pack.Text(b, 5, string(o.Phase))
}

func (o *Open) field(r *pack.Reader) {
	switch r.Field() {
	case 1:
		o.ID = r.Uint()
	case 2:
		o.Kind = r.Text()
	case 3:
		o.Track = r.Text()
	case 4:
		o.At = r.Time()
	case 5:
		o.Phase = Phase(r.Text())
	}
}
