package catalog

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// read returns the text of a file that can safely be parsed.
func (f *file) read(fsys fs.FS) (string, bool) {
	src, err := readPlain(fsys, f.path)
	if err != nil {
		f.fault(nil, fmt.Sprintf("the file cannot be read: %v", err), "make it a plain file that the program may read")
		return "", false
	}
	if len(src) > maxFile {
		f.fault(nil, fmt.Sprintf("the file has %d bytes", len(src)), fmt.Sprintf("a file of flows or texts has at most %d", maxFile))
		return "", false
	}
	if isUTF16(src) {
		f.fault(nil, "the file is UTF-16", "save it as UTF-8; editors offer that where the file's name is chosen")
		return "", false
	}
	src = bytes.TrimPrefix(src, []byte("\xef\xbb\xbf")) // some editors sign their UTF-8
	src = bytes.ReplaceAll(src, []byte("\r\n"), []byte("\n"))
	f.lines = strings.Split(string(src), "\n")
	var odd oddSpaces
	depth := 0
	for i, line := range f.lines {
		depth += strings.Count(line, "[") + strings.Count(line, "{") - strings.Count(line, "]") - strings.Count(line, "}")
		if len(line) > maxLine || depth > maxNesting {
			f.faultAt(i+1, 1, "lists and mappings are nested too deeply, or the line is too long to read", "break the line up, and close every bracket")
			return "", false
		}
		if column := odd.find(line); column > 0 {
			f.faultAt(i+1, column, "a space of another kind stands where YAML wants a plain one", "delete it and type a space; it often comes with what is copied from a page")
			f.lines[i] = strings.Map(plainSpace, line)
		}
		if column := strangeByte(line); column > 0 {
			f.faultAt(i+1, column, "this is not a character of UTF-8 text", "save the file as UTF-8, without control characters")
			f.lines[i] = strings.Map(func(r rune) rune {
				if r == utf8.RuneError || r < ' ' && r != '\t' || r == 0x7f {
					return '?'
				}
				return r
			}, line)
		}
	}
	return strings.Join(f.lines, "\n"), true
}

// readPlain reads a plain file. To open a pipe would wait for somebody who writes
// into it, and a device may have no end.
func readPlain(fsys fs.FS, name string) ([]byte, error) {
	if _, err := plainFile(fsys, name); err != nil {
		return nil, err
	}
	return fs.ReadFile(fsys, name)
}

// plainFile looks at a file. Its error says what else it is.
func plainFile(fsys fs.FS, name string) (fs.FileInfo, error) {
	info, err := fs.Stat(fsys, name)
	link, linkErr := fs.Lstat(fsys, name)
	switch {
	case err != nil && linkErr == nil && link.Mode().Type() == fs.ModeSymlink:
		return nil, errors.New("it is a link that leads out of the folder, or nowhere")
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, errors.New("it is a folder, a pipe or a device")
	}
	return info, nil
}

// isUTF16 tells by the first two bytes: a mark, or a letter of ASCII.
func isUTF16(src []byte) bool {
	if len(src) < 2 {
		return false
	}
	mark := string(src[:2])
	return mark == "\xff\xfe" || mark == "\xfe\xff" || (src[0] == 0) != (src[1] == 0)
}

// oddSpaces finds spaces that YAML takes for letters: where a line begins, behind a
// dash and behind a key. Within a text of several lines they are the text's own.
type oddSpaces struct {
	// inText says that the lines indented more than margin are a text.
	inText bool
	margin int
}

var (
	oddSpace  = regexp.MustCompile(`^(?: |- )*(?:-|[a-z0-9_]+:)?([\p{Zs}\x{200b}\x{2060}\x{feff}])`)
	textBegin = regexp.MustCompile(`[|>][-+0-9]*(?: +#.*)?$`)
)

// find returns the column of the first, 0 if there is none. It is to be asked of
// every line in turn.
func (o *oddSpaces) find(line string) int {
	indent := len(line) - len(strings.TrimLeft(line, " "))
	if o.inText && (indent > o.margin || indent == len(line)) {
		return 0
	}
	o.inText, o.margin = textBegin.MatchString(line), indent
	at := oddSpace.FindStringSubmatchIndex(line)
	if at == nil || line[at[2]] == ' ' {
		return 0
	}
	return utf8.RuneCountInString(line[:at[2]]) + 1
}

func plainSpace(r rune) rune {
	switch {
	case r == '\u200b' || r == '\u2060' || r == '\ufeff':
		return -1
	case unicode.Is(unicode.Zs, r):
		return ' '
	}
	return r
}

// strangeByte returns the column of the first byte that is no text, 0 if all
// is well.
func strangeByte(line string) int {
	column := 0
	for i, r := range line {
		column++
		_, size := utf8.DecodeRuneInString(line[i:])
		if r == utf8.RuneError && size == 1 || r < ' ' && r != '\t' || r == 0x7f {
			return column
		}
	}
	return 0
}
