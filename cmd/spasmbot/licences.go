package main

import _ "embed"

// licences are those of all that is in the program, its fonts among it: whoever hands
// the program on hands these on with it. A test writes the file.
//
//go:embed licences.txt
var licences string
