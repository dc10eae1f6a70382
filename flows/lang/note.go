package lang

// Note is a hint for those who write flows: what may be meant, and may be
// forgotten. The flows are in order all the same.
type Note struct {
	// Where is a file with line and column, or the name of what is spoken of.
	Where string
	What  string
}

func (n Note) String() string { return n.Where + ": " + n.What }
