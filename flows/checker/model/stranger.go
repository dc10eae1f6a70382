package model

// stranger reports whether somebody is in a cube of whom nothing is known.
func (m *Model) stranger(c cube) bool {
	for i := range m.names {
		if m.names[i] == now {
			continue
		}
		next, ok := m.unset(c, int32(i))
		if !ok {
			return false
		}
		c = next
	}
	v := m.index[now]
	for _, b := range []bound{atMost(constant(earliest), variable(v), false), atMost(variable(v), constant(latest), false)} {
		next, ok := c.under(b)
		if !ok {
			return false
		}
		c = next
	}
	_, ok := c.loose(v)
	return ok
}
