using Gantry.AzurePipelines.Model;

namespace Gantry.AzurePipelines.Validation;

/// <summary>Checks resources: named well, complete, and declared when they are used. Also checks schedules.</summary>
internal static class ResourceRules
{
    public static IEnumerable<Diagnostic> Check(PipelineIndex index)
    {
        var resources = index.Pipeline.Resources ?? new PipelineResources();
        (string Alias, string Kind, string Path)[] aliases =
        [
            .. resources.Repositories.Select(repository => (repository.Alias, "repository", repository.Origin ?? index.Path)),
            .. resources.Pipelines.Select(pipeline => (pipeline.Alias, "pipeline", pipeline.Origin ?? index.Path)),
            .. resources.Containers.Select(container => (container.Alias, "container", container.Origin ?? index.Path)),
            .. resources.Registries.Select(registry => (registry.Alias, "container", registry.Origin ?? index.Path)),
        ];

        foreach (var (alias, kind, path) in aliases.Where(resource => !NameRules.IsIdentifier(resource.Alias)))
            yield return PipelineErrors.InvalidName(path, $"{kind} resource", alias);
        foreach (var (alias, kind, path) in aliases.Where(resource => resource.Alias.ToLowerInvariant() is "self" or "none" or "current"))
            yield return PipelineErrors.ReservedName(path, $"{kind} resource", alias, "it has a meaning of its own");
        foreach (var diagnostic in NameRules.Unique(
            aliases, resource => resource.Alias, resource => resource.Path, "resource", "the pipeline"))
            yield return diagnostic;
        foreach (var diagnostic in resources.Registries.SelectMany(registry => CheckLiterals(registry, registry.Origin ?? index.Path)))
            yield return diagnostic;
        foreach (var diagnostic in CheckUses(index, resources))
            yield return diagnostic;

        foreach (var schedule in index.Pipeline.Schedules)
        {
            if (CronSchedule.Validate(schedule.Cron) is { } error)
                yield return PipelineErrors.MalformedSchedule(schedule.Origin ?? index.Path, schedule.Cron, error);
        }
    }

    private static IEnumerable<Diagnostic> CheckLiterals(AcrContainerResource container, string path)
    {
        (string Name, string Value)[] literals =
        [
            ("service connection", container.AzureSubscription), ("resource group", container.ResourceGroup),
            ("registry", container.Registry), ("repository", container.Repository),
        ];
        return literals
            .Where(literal => StepRules.IsNoLiteral(literal.Value))
            .Select(literal =>
                PipelineErrors.NotLiteral(path, $"the {literal.Name} of the container resource '{container.Alias}'", literal.Value));
    }

    private static IEnumerable<Diagnostic> CheckUses(PipelineIndex index, PipelineResources resources)
    {
        foreach (var job in index.Jobs)
        {
            if (job.Job.Container is { } container && !resources.Containers.Any(resource => Same(resource.Alias, container)))
                yield return PipelineErrors.UnknownResource(job.Path, "container", container);
            foreach (var diagnostic in CheckServices(job, resources))
                yield return diagnostic;
        }

        foreach (var step in index.Steps)
        {
            if (step.Step is DownloadStep { Source: not ("current" or "none") and var pipeline }
                && !resources.Pipelines.Any(resource => Same(resource.Alias, pipeline)))
                yield return PipelineErrors.UnknownResource(step.Path, "pipeline", pipeline);
            if (step.Step is CheckoutStep { Repository: not ("self" or "none") and var repository }
                && !resources.Repositories.Any(resource => Same(resource.Alias, repository)))
                yield return PipelineErrors.UnknownResource(step.Path, "repository", repository);
        }

        if (index.Pipeline.Extends is { } extends)
        {
            if (index.Pipeline.Stages.Count > 0)
                yield return PipelineErrors.StagesAndTemplate(index.Path, "the pipeline");
            var at = extends.Template.LastIndexOf('@');
            if (at >= 0 && !resources.Repositories.Any(resource => Same(resource.Alias, extends.Template[(at + 1)..])))
                yield return PipelineErrors.UnknownResource(extends.Origin ?? index.Path, "repository", extends.Template[(at + 1)..]);
        }
    }

    // Without a container of its own, a job reaches a service through the ports of the machine only.
    private static IEnumerable<Diagnostic> CheckServices(IndexedJob job, PipelineResources resources)
    {
        foreach (var diagnostic in NameRules.Unique(
            job.Job.Services, service => service.Key, _ => job.Path, "service", job.Description))
            yield return diagnostic;
        foreach (var (name, alias) in job.Job.Services)
        {
            if (job.Pool is ServerPool)
                yield return PipelineErrors.WrongMachine(job.Path, $"the service '{name}'", "the job has no agent");
            else if (resources.Containers.FirstOrDefault(resource => Same(resource.Alias, alias)) is not { } container)
                yield return PipelineErrors.UnknownResource(job.Path, "container", alias);
            else if (job.Job.Container is null && container.Ports.Count == 0 && !HasContainerOfItsOwn(job.Job))
                yield return PipelineErrors.UnreachableService(job.Path, name, alias, job.Description);
        }
    }

    private static bool HasContainerOfItsOwn(Job job) => job.Plain?.Rest.Any(entry => entry.Key == "container") == true;

    private static bool Same(string a, string b) => a.Equals(b, PipelineIndex.IgnoreCase);
}
