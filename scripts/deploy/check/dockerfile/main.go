// Reads a Dockerfile as BuildKit does when it plans a build, with its checks, but builds nothing:
// every image that it starts from is taken for an empty one. Prints what BuildKit warns of and
// refuses, and how a container of it is started, as JSON.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"

	"github.com/moby/buildkit/client/llb"
	"github.com/moby/buildkit/client/llb/sourceresolver"
	"github.com/moby/buildkit/frontend/dockerfile/dockerfile2llb"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
	"github.com/opencontainers/go-digest"
)

type answer struct {
	Problems []string `json:"problems"`
	Bases    []string `json:"bases"`
	Image    any      `json:"image"`
}

/* Answers for every image, and notes its name. */
type anyImage struct{ asked *[]string }

func (it anyImage) ResolveImageConfig(_ context.Context, name string, _ sourceresolver.Opt) (string, digest.Digest, []byte, error) {
	*it.asked = append(*it.asked, name)
	config := []byte(`{"architecture":"amd64","os":"linux","config":{},"rootfs":{"type":"layers"}}`)
	return name, digest.FromBytes(config), config, nil
}

var _ llb.ImageMetaResolver = anyImage{}

func main() {
	found := answer{Problems: []string{}, Bases: []string{}}
	text, err := os.ReadFile(os.Args[1])
	if err == nil {
		err = found.read(text)
	}
	if err != nil {
		found.Problems = append(found.Problems, err.Error())
	}
	if err := json.NewEncoder(os.Stdout).Encode(found); err != nil {
		panic(err)
	}
}

func (found *answer) read(text []byte) error {
	options := dockerfile2llb.ConvertOpt{
		MetaResolver: anyImage{&found.Bases},
		Warn: func(rule, _, _, message string, location []parser.Range) {
			line := 0
			if len(location) > 0 {
				line = location[0].Start.Line
			}
			found.Problems = append(found.Problems, fmt.Sprintf("line %d: %s: %s", line, rule, message))
		},
	}
	planned, err := dockerfile2llb.Dockerfile2LLB(context.Background(), text, options)
	if err != nil {
		return err
	}
	found.Image = planned.Image.Config
	return nil
}
