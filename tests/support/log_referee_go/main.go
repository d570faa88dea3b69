// Asks golang.org/x/mod, the reference of tiled logs, about a log in a folder: is the checkpoint's
// signature good, are our proofs those that it makes from our tiles, and are altered ones refused.
package main

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type question struct {
	Folder, Vkey string
	Leaves       map[string]string   // leaf by its index
	Inclusion    map[string][]string // our proof by the index of the leaf
	Consistency  map[string][]string // our proof by the size of the smaller tree
	Roots        map[string]string   // of smaller trees, by their size
}

type folder string

func (f folder) Height() int { return 8 }

func (f folder) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var found [][]byte
	for _, tile := range tiles {
		// C2SP leaves out the height, which is always 8.
		name := strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
		data, err := os.ReadFile(filepath.Join(string(f), name))
		if err != nil {
			return nil, err
		}
		found = append(found, data)
	}
	return found, nil
}

func (f folder) SaveTiles([]tlog.Tile, [][]byte) {}

func must(err error) {
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}

func hashes(texts []string) []tlog.Hash {
	var found []tlog.Hash
	for _, text := range texts {
		found = append(found, hash(text))
	}
	return found
}

func hash(text string) (found tlog.Hash) {
	data, err := hex.DecodeString(text)
	must(err)
	copy(found[:], data)
	return found
}

func same(one, other []tlog.Hash) error {
	if fmt.Sprint(one) != fmt.Sprint(other) {
		return fmt.Errorf("another proof: %v, %v", one, other)
	}
	return nil
}

func refused(err error) error {
	if err == nil {
		return fmt.Errorf("an altered proof was accepted")
	}
	return nil
}

func main() {
	var asked question
	must(json.NewDecoder(os.Stdin).Decode(&asked))
	verifier, err := note.NewVerifier(asked.Vkey)
	must(err)
	signed, err := os.ReadFile(filepath.Join(asked.Folder, "checkpoint"))
	must(err)
	opened, err := note.Open(signed, note.VerifierList(verifier))
	must(err)
	_, err = note.Open([]byte(strings.Replace(string(signed), "\n1", "\n2", 1)), note.VerifierList(verifier))
	must(refused(err))
	lines := strings.Split(opened.Text, "\n")
	size, err := strconv.ParseInt(lines[1], 10, 64)
	must(err)
	root, err := tlog.ParseHash(lines[2])
	must(err)
	reader := tlog.TileHashReader(tlog.Tree{N: size, Hash: root}, folder(asked.Folder))
	for text, ours := range asked.Inclusion {
		index, err := strconv.ParseInt(text, 10, 64)
		must(err)
		proof, err := tlog.ProveRecord(size, index, reader)
		must(err)
		must(same(proof, hashes(ours)))
		leaf, err := hex.DecodeString(asked.Leaves[text])
		must(err)
		must(tlog.CheckRecord(hashes(ours), size, root, index, tlog.RecordHash(leaf)))
		must(refused(tlog.CheckRecord(hashes(ours), size, root, index, tlog.RecordHash(leaf[1:]))))
	}
	for text, ours := range asked.Consistency {
		first, err := strconv.ParseInt(text, 10, 64)
		must(err)
		proof, err := tlog.ProveTree(size, first, reader)
		must(err)
		must(same(proof, hashes(ours)))
		must(tlog.CheckTree(hashes(ours), size, root, first, hash(asked.Roots[text])))
		must(refused(tlog.CheckTree(hashes(ours), size, root, first, root)))
	}
	fmt.Println("good")
}
