using Gantry.Images.BaseImages;
using Gantry.Images.Configuration;
using Gantry.Images.Delivery;
using Gantry.Images.Dockerfiles;

namespace Gantry.Images.Rebasing;

/// <summary>
/// Derives the configuration that the Dockerfile of an image would give on another base image: what its instructions have set, as the
/// history has them, on top of what the base image has. What they may have taken from the old base image is not derived, but refused.
/// </summary>
/// <param name="image">The name of the image, for errors.</param>
/// <param name="before">The configuration of the image.</param>
/// <param name="oldBase">The base image that it was built on.</param>
/// <param name="steps">The instructions of its Dockerfile.</param>
internal sealed class RebasedConfig(string image, ImageConfig before, BaseImage oldBase, IReadOnlyList<RecordedStep> steps)
{
    private readonly ContainerConfig _config = before.Config ?? new ContainerConfig();
    private readonly ContainerConfig _old = oldBase.Config.Config ?? new ContainerConfig();

    /// <summary>Derives the configuration; throws <c>GAN4849</c> when it cannot be derived.</summary>
    /// <param name="newBase">The other base image.</param>
    /// <param name="annotations">The standard labels of the image, which take precedence.</param>
    /// <param name="created">The time of creation (RFC 3339).</param>
    public ImageConfig Derive(BaseImage newBase, IReadOnlyDictionary<string, string> annotations, string created)
    {
        var added = newBase.Config.Config ?? new ContainerConfig();
        EnsureSameContext(added);
        var ownLayers = before.RootFs.DiffIds.Skip(oldBase.Layers.Count);
        var ownHistory = (before.History ?? []).Skip(oldBase.ConsistentHistory().Count());
        return new ImageConfig
        {
            Created = created,
            Author = newBase.Config.Author,
            Architecture = newBase.Config.Architecture,
            Os = newBase.Config.Os,
            OsVersion = newBase.Config.OsVersion,
            Variant = newBase.Config.Variant,
            Config = added with
            {
                User = Has("USER") ? _config.User : added.User,
                ExposedPorts = Union(added.ExposedPorts, Ports()),
                Env = NullIfEmpty(DeriveVariables(added).ToStrings()),
                Entrypoint = Has("ENTRYPOINT") ? _config.Entrypoint : added.Entrypoint,
                // A new entry point does not take the arguments that were meant for the one of the base image.
                Cmd = Has("ENTRYPOINT") || Has("CMD") ? _config.Cmd : added.Cmd,
                Volumes = Union(added.Volumes, Volumes()),
                WorkingDir = Has("WORKDIR") ? _config.WorkingDir : added.WorkingDir,
                Labels = ImageAssembler.Merge(DeriveLabels(added, annotations), new(annotations.ToDictionary(), StringComparer.Ordinal)),
                StopSignal = Has("STOPSIGNAL") ? _config.StopSignal : added.StopSignal,
                OnBuild = null,
            },
            RootFs = new RootFileSystem { DiffIds = [.. newBase.Layers.Select(layer => layer.DiffId), .. ownLayers] },
            History = [.. newBase.ConsistentHistory(), .. ownHistory],
        };
    }

    // The instructions are recorded with their variables expanded, and relative to the directory and the shell of the old base image.
    private void EnsureSameContext(ContainerConfig added)
    {
        if ((Has("COPY") || Has("WORKDIR")) && (_old.WorkingDir ?? "/") != (added.WorkingDir ?? "/"))
            throw RebaseErrors.NotDerivable(
                image, $"its paths may be relative to the working directory {_old.WorkingDir ?? "/"} of its base image, "
                    + $"which is {added.WorkingDir ?? "/"} in the new one");
        if ((Has("ENTRYPOINT") || Has("CMD")) && !(_old.Shell ?? []).SequenceEqual(added.Shell ?? []))
            throw RebaseErrors.NotDerivable(image, "its command may need the shell of its base image, which is another one in the new one");

        var now = new EnvironmentList(added.Env ?? []).ToDictionary(variable => variable.Key, variable => variable.Value);
        foreach (var (name, value) in new EnvironmentList(_old.Env ?? []))
        {
            if (value.Length > 0 && now.GetValueOrDefault(name) != value
                && steps.FirstOrDefault(step => step.Arguments.Contains(value, StringComparison.Ordinal)) is { } step)
                throw RebaseErrors.NotDerivable(
                    image, $"its instruction '{Shown(step)}' may use the variable {name} of its base image, which is "
                        + $"{Format.OneLine(value, 80)} there and {now.GetValueOrDefault(name) ?? "not set"} in the new one");
        }
    }

    private EnvironmentList DeriveVariables(ContainerConfig added)
    {
        var variables = new EnvironmentList(added.Env ?? []);
        var (own, old) = (new EnvironmentList(_config.Env ?? []), new EnvironmentList(_old.Env ?? []));
        foreach (var (name, value) in Changed("ENV", "variable", own, old, variables))
            variables.Set(name, value);
        return variables;
    }

    private Dictionary<string, string> DeriveLabels(ContainerConfig added, IReadOnlyDictionary<string, string> annotations)
    {
        var labels = Labels(added).ToDictionary(StringComparer.Ordinal);
        var own = Labels(_config).Where(label => !annotations.ContainsKey(label.Key));
        foreach (var (name, value) in Changed("LABEL", "label", own, Labels(_old), Labels(added)))
            labels[name] = value;
        return labels;
    }

    /// <summary>
    /// Returns the values that instructions have set. One that is equal to that of the old base image may have been set or not, which
    /// matters only when the new one has another.
    /// </summary>
    private IEnumerable<KeyValuePair<string, string>> Changed(
        string keyword, string kind, IEnumerable<KeyValuePair<string, string>> own, IEnumerable<KeyValuePair<string, string>> old,
        IEnumerable<KeyValuePair<string, string>> added)
    {
        var (before, now) = (old.ToDictionary(StringComparer.Ordinal), added.ToDictionary(StringComparer.Ordinal));
        foreach (var (name, value) in own.ToList())
        {
            if (before.GetValueOrDefault(name) != value)
                yield return new(name, value);
            else if (now.GetValueOrDefault(name) != value && steps.Any(step => step.MayName(keyword, name)))
                throw RebaseErrors.NotDerivable(
                    image, $"its Dockerfile may have set the {kind} {name}, or taken it from its base image, and the new one has another");
        }
    }

    // PortRange writes each port as a word.
    private IEnumerable<string> Ports() =>
        steps.Where(step => step.Keyword == "EXPOSE").SelectMany(step => step.Arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private IEnumerable<string> Volumes() => (_config.Volumes ?? new Dictionary<string, EmptyObject>()).Keys.Where(volume =>
        _old.Volumes?.ContainsKey(volume) is not true
        || steps.Any(step => step.Keyword == "VOLUME" && step.Arguments.Contains(StageEvaluator.Quote(volume), StringComparison.Ordinal)));

    private bool Has(string keyword) => steps.Any(step => step.Keyword == keyword);

    private static string Shown(RecordedStep step) => Format.OneLine($"{step.Keyword} {step.Arguments}", 80);

    private static IReadOnlyDictionary<string, string> Labels(ContainerConfig config) => config.Labels ?? new Dictionary<string, string>();

    private static IReadOnlyList<string>? NullIfEmpty(IReadOnlyList<string> values) => values.Count == 0 ? null : values;

    private static SortedDictionary<string, EmptyObject>? Union(
        IReadOnlyDictionary<string, EmptyObject>? ofBase, IEnumerable<string> own)
    {
        var union = new SortedDictionary<string, EmptyObject>(StringComparer.Ordinal);
        foreach (var name in (ofBase ?? new Dictionary<string, EmptyObject>()).Keys.Concat(own))
            union[name] = new EmptyObject();
        return union.Count > 0 ? union : null;
    }
}
