// Loads a Compose file as `docker compose config` does: the schema of the Compose specification,
// variables, and what services refer to. Prints the project as JSON.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"

	"github.com/compose-spec/compose-go/v2/cli"
)

type answer struct {
	Problem string          `json:"problem,omitempty"`
	Project json.RawMessage `json:"project,omitempty"`
}

func main() {
	project, err := load(os.Args[1])
	found := answer{Project: project}
	if err != nil {
		found.Problem = err.Error()
	}
	if err := json.NewEncoder(os.Stdout).Encode(found); err != nil {
		panic(err)
	}
}

func load(file string) (json.RawMessage, error) {
	options, err := cli.NewProjectOptions([]string{file}, cli.WithOsEnv, cli.WithName("fengqiao"), cli.WithProfiles([]string{"*"}))
	if err != nil {
		return nil, err
	}
	project, err := options.LoadProject(context.Background())
	if err != nil {
		return nil, err
	}
	text, err := project.MarshalJSON()
	if err != nil {
		return nil, fmt.Errorf("the project cannot be shown: %w", err)
	}
	return text, nil
}
