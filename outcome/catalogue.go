package outcome

import "slices"

// A Search chooses desired outcomes of a template. What is empty chooses all.
type Search struct {
	Job     string // this job and those that serve it, at any depth
	Step    Step
	Persona string // whose they are, or who takes part in a job whose outcomes name nobody
	Theme   string
}

// An Entry is a desired outcome with its place in the catalogue.
type Entry struct {
	Path    []string // names of the jobs, from the one that serves no other to its own
	Desired Desired
}

// Catalogue returns the desired outcomes that a search chooses, in definition order. Nothing found is an empty list. It
// returns a *RefusedError (known_job) if the template has no such job.
func (m *Model) Catalogue(s Search) ([]Entry, error) {
	if s.Job != "" {
		if _, err := m.job(s.Job); err != nil {
			return nil, err
		}
	}
	var found []Entry
	for _, j := range m.def.Jobs {
		path := m.path(j.Name)
		if s.Job != "" && !slices.Contains(path, s.Job) {
			continue
		}
		for _, d := range copyJob(j).Outcomes {
			people := d.Personas
			if len(people) == 0 {
				people = j.Parties
			}
			if (s.Step == "" || s.Step == d.Step) && (s.Persona == "" || slices.Contains(people, s.Persona)) &&
				(s.Theme == "" || slices.Contains(d.Themes, s.Theme)) {
				found = append(found, Entry{slices.Clone(path), d})
			}
		}
	}
	return found, nil
}

// A Stage is a step of a job with the outcomes desired of it.
type Stage struct {
	Step     Step // "": outcomes of the job as a whole
	Outcomes []Desired
}

// JobMap returns the eight steps of a job in their order, those without an outcome too, and after them what is desired of
// the job as a whole, if anything is. Jobs that serve it have maps of their own. It returns a *RefusedError (known_job) if
// the template has no such job.
func (m *Model) JobMap(job string) ([]Stage, error) {
	i, err := m.job(job)
	if err != nil {
		return nil, err
	}
	var stages []Stage
	for _, step := range append(Steps(), "") {
		stage := Stage{Step: step}
		for _, d := range copyJob(m.def.Jobs[i]).Outcomes {
			if d.Step == step {
				stage.Outcomes = append(stage.Outcomes, d)
			}
		}
		if step != "" || len(stage.Outcomes) > 0 {
			stages = append(stages, stage)
		}
	}
	return stages, nil
}

// Related returns the jobs done beside a job: those that it names and those that name it, in definition order. It returns
// a *RefusedError (known_job) if the template has no such job.
func (m *Model) Related(job string) ([]string, error) {
	i, err := m.job(job)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, j := range m.def.Jobs {
		if slices.Contains(m.def.Jobs[i].Related, j.Name) || slices.Contains(j.Related, job) {
			names = append(names, j.Name)
		}
	}
	return names, nil
}

// job returns the position of a job.
func (m *Model) job(name string) (int, error) {
	if i, there := m.jobs.Index(name); there {
		return i, nil
	}
	names := make([]string, len(m.def.Jobs))
	for k, j := range m.def.Jobs {
		names[k] = j.Name
	}
	return 0, &RefusedError{"", "known_job", absent("template", m.def.Name, "job", name, names), "a job of the template"}
}

// path returns the jobs that a job serves, the farthest first, and itself. Compile has refused circles.
func (m *Model) path(name string) []string {
	path := []string{name}
	for name != "" {
		i, _ := m.jobs.Index(name)
		if name = m.def.Jobs[i].Parent; name != "" {
			path = append(path, name)
		}
	}
	slices.Reverse(path)
	return path
}
