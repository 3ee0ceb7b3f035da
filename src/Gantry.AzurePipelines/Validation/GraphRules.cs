namespace Gantry.AzurePipelines.Validation;

/// <summary>Checks dependencies: they exist, have no cycles, and leave something to start with.</summary>
internal static class GraphRules
{
    public static IEnumerable<Diagnostic> Check(PipelineIndex index)
    {
        foreach (var stage in index.Stages.Where(stage => stage.Stage is { StartedByHand: true, DependsOn: not null }))
            yield return PipelineErrors.ManualStageWithDependencies(stage.Path, stage.Stage.Name);

        if (index.Stages.Count == 0 && !index.HasTemplates)
            yield return PipelineErrors.NothingInside(index.Path, "the pipeline", "stages");

        var stages = index.Stages.Select(stage => new Node(stage.Stage.Name, stage.DependsOn, stage.Path)).ToList();
        foreach (var diagnostic in Check(stages, "stage", "the pipeline", index.Path, index.HasTemplates))
            yield return diagnostic;

        foreach (var stage in index.Stages.Where(stage => stage.Stage.Error is not null))
            yield return PipelineErrors.UnreadableYaml(stage.Path, "a stage", stage.Stage.Error!);

        foreach (var stage in index.Stages.Where(stage => stage.Stage.Error is null))
        {
            if (stage.Stage.Jobs.Count == 0)
                yield return PipelineErrors.NothingInside(stage.Path, $"the stage '{stage.Stage.Name}'", "jobs");
            var jobs = stage.Jobs.Select(job => new Node(job.Job.Name, job.Job.DependsOn, job.Path)).ToList();
            foreach (var diagnostic in Check(jobs, "job", $"the stage '{stage.Stage.Name}'", stage.Path, stage.HasTemplates))
                yield return diagnostic;
        }
    }

    // When templates add nodes, only the known ones can be checked.
    private static IEnumerable<Diagnostic> Check(List<Node> nodes, string kind, string owner, string path, bool isOpen)
    {
        if (!isOpen && nodes.Count > 0 && nodes.All(node => node.DependsOn.Count > 0))
            yield return PipelineErrors.NothingToStartWith(path, owner, kind);

        foreach (var node in nodes)
        {
            foreach (var dependency in node.DependsOn)
            {
                if (Find(nodes, dependency) is null && !isOpen)
                    yield return PipelineErrors.UnknownDependency(node.Path, kind, node.Name, dependency);
            }

            if (FindWayBack(nodes, node) is { } way)
                yield return PipelineErrors.CyclicDependency(node.Path, kind, node.Name, way);
        }
    }

    /// <summary>Finds a cycle from a node back to itself, or returns null.</summary>
    private static List<string>? FindWayBack(List<Node> nodes, Node start)
    {
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var open = new Stack<List<string>>([[start.Name]]);
        while (open.TryPop(out var way))
        {
            foreach (var dependency in Find(nodes, way[^1])?.DependsOn ?? [])
            {
                if (dependency.Equals(start.Name, PipelineIndex.IgnoreCase))
                    return [.. way, dependency];
                if (seen.Add(dependency))
                    open.Push([.. way, dependency]);
            }
        }

        return null;
    }

    private static Node? Find(List<Node> nodes, string name) =>
        nodes.FirstOrDefault(node => node.Name.Equals(name, PipelineIndex.IgnoreCase));

    private sealed record Node(string Name, IReadOnlyList<string> DependsOn, string Path);
}
