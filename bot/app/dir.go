package app

import (
	"io/fs"
	"os"
)

// Dir is a folder of flows. Nothing outside of it is read: a link that leads out of
// it is an error. The folder is looked up by its name each time, so that another
// may be put in its place.
type Dir string

// Open opens a file, or a folder in it.
func (d Dir) Open(name string) (fs.File, error) {
	return within(d, func(fsys fs.FS) (fs.File, error) { return fsys.Open(name) })
}

// ReadDir lists a folder in it.
func (d Dir) ReadDir(name string) ([]fs.DirEntry, error) {
	return within(d, func(fsys fs.FS) ([]fs.DirEntry, error) { return fs.ReadDir(fsys, name) })
}

// ReadFile reads a file.
func (d Dir) ReadFile(name string) ([]byte, error) {
	return within(d, func(fsys fs.FS) ([]byte, error) { return fs.ReadFile(fsys, name) })
}

// Stat looks at what a link leads to.
func (d Dir) Stat(name string) (fs.FileInfo, error) {
	return within(d, func(fsys fs.FS) (fs.FileInfo, error) { return fs.Stat(fsys, name) })
}

// Lstat looks at a link itself.
func (d Dir) Lstat(name string) (fs.FileInfo, error) {
	return within(d, func(fsys fs.FS) (fs.FileInfo, error) { return fs.Lstat(fsys, name) })
}

// ReadLink tells where a link leads.
func (d Dir) ReadLink(name string) (string, error) {
	return within(d, func(fsys fs.FS) (string, error) { return fs.ReadLink(fsys, name) })
}

// within does something in the folder as it is now.
func within[T any](d Dir, do func(fs.FS) (T, error)) (T, error) {
	root, err := os.OpenRoot(string(d))
	if err != nil {
		var none T
		return none, err
	}
	defer root.Close()
	return do(root.FS())
}
