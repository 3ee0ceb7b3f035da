using Gantry.Oci;

namespace Gantry.Images.Dockerfiles;

/// <summary>
/// The facts about a Dockerfile that are needed before an engine builds it: the images that it uses, and the builder that it needs.
/// </summary>
public sealed class DockerfileRequirements
{
    private static readonly string[] PlatformArguments =
    [
        "TARGETPLATFORM", "TARGETOS", "TARGETARCH", "TARGETVARIANT", "BUILDPLATFORM", "BUILDOS", "BUILDARCH", "BUILDVARIANT",
    ];

    private readonly List<Stage> _stages = [];
    private readonly List<DockerfileImage> _images = [];
    private readonly List<string> _copied = [];
    private readonly VariableScope _scope;

    // Arguments whose defaults only BuildKit can resolve.
    private readonly HashSet<string> _unknown = new(StringComparer.Ordinal);

    private DockerfileRequirements(VariableScope scope) => _scope = scope;

    /// <summary>
    /// The images that must come from a registry or be in the engine, in the order in which the Dockerfile mentions them.
    /// </summary>
    public IReadOnlyList<DockerfileImage> Images => _images;

    /// <summary>The frontend that the Dockerfile requests from BuildKit, or null.</summary>
    public string? Syntax { get; private init; }

    /// <summary>The reason why only BuildKit can build the Dockerfile, or null.</summary>
    public string? BuildKitReason { get; private set; }

    /// <summary>Reads a Dockerfile for one platform. Its errors are left to the engine to report.</summary>
    /// <param name="request">The request; <c>GAN3001</c> when its Dockerfile is missing.</param>
    /// <param name="platform">The platform to build for.</param>
    /// <param name="own">The platform of the engine.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public static async Task<DockerfileRequirements> ReadAsync(
        ImageBuildRequest request, Platform platform, Platform own, CancellationToken cancellationToken)
    {
        var text = await TextFile.TryReadAsync(request.Dockerfile, cancellationToken)
            ?? throw DockerfileErrors.DockerfileMissing(request.Dockerfile);
        var (directives, lines) = LogicalLineReader.Read(request.DisplayName(request.Dockerfile), text);

        var scope = new VariableScope(platform, WithBuildPlatform(request.BuildArguments, own), directives.Escape);
        scope.DeclareGlobal(
            new ArgInstruction(default, [.. PlatformArguments[4..].Select(name => new KeyValuePair<string, string?>(name, null))]));
        var file = new DockerfileRequirements(scope) { Syntax = directives.Syntax };
        file.Read(lines, directives.Escape, request.BuildArguments);
        return file;
    }

    /// <summary>
    /// Finds the base image of a stage (null: the last one) through all stages in between. Returns null for <c>scratch</c>, and where only
    /// the engine can resolve it.
    /// </summary>
    public string? FindBase(string? target)
    {
        var stage = target is null ? _stages.LastOrDefault() : FindStage(target, _stages.Count);
        while (stage?.Base is { } name && FindStage(name, stage.Index) is { } below)
            stage = below;
        return stage?.Base is "scratch" ? null : stage?.Base;
    }

    /// <summary>
    /// Finds the base images that the Dockerfile of a request names, for all of its platforms; without those that only an engine can
    /// resolve. Throws <c>GAN3001</c> when there is no Dockerfile.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public static async Task<IReadOnlyList<ImageReference>> FindBaseImagesAsync(
        ImageBuildRequest request, CancellationToken cancellationToken)
    {
        var found = new List<ImageReference>();
        foreach (var platform in request.Platforms)
        {
            var name = (await ReadAsync(request, platform, platform, cancellationToken)).FindBase(target: null);
            try
            {
                if (name is not null)
                    found.Add(ImageReference.ParseRepository(name));
            }
            catch (GantryException)
            {
                // The builder reports what is wrong with the name.
            }
        }

        return [.. found.Distinct()];
    }

    /// <summary>
    /// Finds the paths of the build context that COPY and ADD name in the Dockerfile of a request, in all stages and for all platforms:
    /// from the root of the context, without slashes at their ends, and patterns as they are. Variables that only an engine can resolve
    /// stay as they are written. Throws <c>GAN3001</c> when there is no Dockerfile.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public static async Task<IReadOnlyList<string>> FindCopiedPathsAsync(ImageBuildRequest request, CancellationToken cancellationToken)
    {
        var found = new List<string>();
        foreach (var platform in request.Platforms)
            found.AddRange((await ReadAsync(request, platform, platform, cancellationToken))._copied);
        return [.. found.Distinct(StringComparer.Ordinal)];
    }

    private void Read(IReadOnlyList<LogicalLine> lines, char escape, IReadOnlyDictionary<string, string> arguments)
    {
        for (var index = 0; index < lines.Count; index++)
        {
            var raw = RawInstruction.Split(lines[index], escape);
            if (raw.Keyword is "RUN" or "COPY" or "ADD")
            {
                foreach (var end in HereDocuments.Ends(raw.Arguments))
                {
                    RequireBuildKit(raw, "reads a here-document");
                    while (++index < lines.Count && lines[index].Text != end)
                    {
                        // Lines of a here-document are not instructions.
                    }
                }
            }

            Read(raw, arguments);
        }
    }

    private void Read(RawInstruction raw, IReadOnlyDictionary<string, string> arguments)
    {
        switch (raw.Keyword)
        {
            case "FROM":
                ReadFrom(raw);
                break;
            case "ARG":
                ReadArg(raw, arguments);
                break;
            case "COPY" or "ADD":
                RequireBuildKit(raw, "chmod", "link", "parents", "exclude", "checksum", "keep-git-dir");
                AddImage(Value(raw.Flags, "--from="), platform: null);
                if (!raw.HasFlag("from"))
                    AddCopied(raw);
                break;
            case "ENV":
                ReadEnv(raw);
                break;
            case "RUN":
                RequireBuildKit(raw, "mount", "network", "security");
                foreach (var mount in raw.Flags.Where(flag => flag.StartsWith("--mount=", StringComparison.Ordinal)))
                    AddImage(Value(mount["--mount=".Length..].Split(','), "from="), platform: null);
                break;
        }
    }

    private void ReadFrom(RawInstruction raw)
    {
        var words = ArgumentSplitter.PlainWords(raw.Arguments);
        if (words.Count == 0)
            return;
        var platform = Value(raw.Flags, "--platform=");
        if (PlatformArguments.Any(name =>
            raw.Arguments.Contains(name, StringComparison.Ordinal) || platform?.Contains(name, StringComparison.Ordinal) == true))
            RequireBuildKit(raw, "uses the platform arguments");

        var image = Expand(words[0], raw);
        if (platform is null)
            AddImage(image, platform: null);
        else if (Expand(platform, raw) is { } fixedTo)
            AddImage(image, fixedTo);
        _stages.Add(new Stage(_stages.Count, words is [_, _, var name] ? name : null, image));
    }

    private void ReadArg(RawInstruction raw, IReadOnlyDictionary<string, string> arguments)
    {
        foreach (var word in ArgumentSplitter.QuotedWords(raw.Arguments, raw.Escape))
        {
            var (name, value) = word.IndexOf('=', StringComparison.Ordinal) is > 0 and var equals
                ? (word[..equals], word[(equals + 1)..])
                : (word, null);
            if (value is null && PlatformArguments.Contains(name, StringComparer.Ordinal) && !arguments.ContainsKey(name))
                RequireBuildKit(raw, $"takes {name} from the builder");
            if (_stages.Count == 0)
                Declare(name, value, raw, isGiven: arguments.ContainsKey(name));
            else
                Try(() => _scope.Declare(new ArgInstruction(raw.Location, [new(name, value)])));
        }
    }

    private void ReadEnv(RawInstruction raw)
    {
        foreach (var word in ArgumentSplitter.QuotedWords(raw.Arguments, raw.Escape))
        {
            if (word.IndexOf('=', StringComparison.Ordinal) is > 0 and var equals)
                Try(() => _scope.Set(word[..equals], _scope.Expand(word[(equals + 1)..], raw.Location)));
        }
    }

    private void AddCopied(RawInstruction raw)
    {
        foreach (var source in ReadSources(raw))
        {
            var path = source;
            Try(() => path = _scope.Expand(source, raw.Location));
            _copied.Add(ImagePath.Combine("/", path)[1..]);
        }
    }

    // The last word is the destination.
    private static IEnumerable<string> ReadSources(RawInstruction raw)
    {
        IReadOnlyList<string> words = [];
        Try(() => words = ArgumentSplitter.JsonStrings(raw.Arguments, raw.Location) ?? ArgumentSplitter.PlainWords(raw.Arguments));
        return words.SkipLast(1);
    }

    // The builder reports what is wrong.
    private static void Try(Action read)
    {
        try
        {
            read();
        }
        catch (GantryException)
        {
            // What was read before stays.
        }
    }

    private void Declare(string name, string? value, RawInstruction raw, bool isGiven)
    {
        _unknown.Remove(name);
        if (isGiven || value is null || Expand(value, raw) is not null)
            _scope.DeclareGlobal(new ArgInstruction(raw.Location, [new(name, value)]));
        else
            _unknown.Add(name);
    }

    private void AddImage(string? name, string? platform)
    {
        if (name is null or "" or "scratch" || FindStage(name, _stages.Count) is not null || int.TryParse(name, out _))
            return;
        if (!_images.Exists(image => image.Name == name && image.Platform == platform))
            _images.Add(new DockerfileImage(name, platform));
    }

    private Stage? FindStage(string name, int before) =>
        _stages.LastOrDefault(stage => stage.Index < before && string.Equals(stage.Name, name, StringComparison.OrdinalIgnoreCase))
        ?? (int.TryParse(name, out var index) && index >= 0 && index < before ? _stages[index] : null);

    /// <summary>Returns the word with its variables resolved, or null when only BuildKit can resolve them: <c>${VERSION#v}</c>.</summary>
    private string? Expand(string word, RawInstruction raw)
    {
        if (word.Contains('$', StringComparison.Ordinal) && _unknown.Any(name => word.Contains(name, StringComparison.Ordinal)))
            return null;

        try
        {
            return _scope.ExpandGlobal(word, raw.Location);
        }
        catch (GantryException exception) when (DockerfileErrors.IsNeedsEngine(exception))
        {
            RequireBuildKit(raw, "has a substitution that only BuildKit supports");
            return null;
        }
    }

    private void RequireBuildKit(RawInstruction raw, params ReadOnlySpan<string> flags)
    {
        foreach (var flag in flags)
        {
            if (raw.HasFlag(flag))
                RequireBuildKit(raw, $"has the flag --{flag}");
        }
    }

    private void RequireBuildKit(RawInstruction raw, string reason) => BuildKitReason ??= $"{raw.Location}: {raw.Keyword} {reason}";

    private static string? Value(IEnumerable<string> words, string prefix) =>
        words.FirstOrDefault(word => word.StartsWith(prefix, StringComparison.Ordinal))?[prefix.Length..];

    private static Dictionary<string, string> WithBuildPlatform(IReadOnlyDictionary<string, string> arguments, Platform own)
    {
        var all = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["BUILDPLATFORM"] = own.ToString(),
            ["BUILDOS"] = own.Os,
            ["BUILDARCH"] = own.Architecture,
            ["BUILDVARIANT"] = own.Variant ?? "",
        };
        foreach (var (name, value) in arguments)
            all[name] = value;
        return all;
    }

    private sealed record Stage(int Index, string? Name, string? Base);
}
